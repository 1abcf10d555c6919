from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Program")


@_attrs_define
class Program:
    """What is served.

    Attributes:
        contract (str): The version of this contract, as `info.version` says it. Example: 0.1.0.
        build (str): The version of the program, `(devel)` where it was not built from a released one. Example: v0.1.0.
        revision (None | str): The commit that it was built from, where that is known. Example:
            3f2c1d0b9a8e7f6d5c4b3a291817161514131211.
        go (str): The version of Go that it was built with. Example: go1.26.8.
    """

    contract: str
    build: str
    revision: None | str
    go: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        contract = self.contract

        build = self.build

        revision: None | str
        revision = self.revision

        go = self.go

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "contract": contract,
                "build": build,
                "revision": revision,
                "go": go,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        contract = d.pop("contract")

        build = d.pop("build")

        def _parse_revision(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        revision = _parse_revision(d.pop("revision"))

        go = d.pop("go")

        program = cls(
            contract=contract,
            build=build,
            revision=revision,
            go=go,
        )

        program.additional_properties = d
        return program

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
