from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="SharedObject")


@_attrs_define
class SharedObject:
    """A shared object and what it needs.

    Attributes:
        path (str): Its path in the archive.
        machine (str): The architecture of its ELF header.
        needed (list[str] | None): The libraries it is linked to (DT_NEEDED); null where that could not be read.
        glibc (None | str): The highest GLIBC symbol version it asks for; null where it asks for none or that could not
            be read.
        postgres_versions (list[int]): The PostgreSQL majors that its magic blocks name.
    """

    path: str
    machine: str
    needed: list[str] | None
    glibc: None | str
    postgres_versions: list[int]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        path = self.path

        machine = self.machine

        needed: list[str] | None
        if isinstance(self.needed, list):
            needed = self.needed

        else:
            needed = self.needed

        glibc: None | str
        glibc = self.glibc

        postgres_versions = self.postgres_versions

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "path": path,
                "machine": machine,
                "needed": needed,
                "glibc": glibc,
                "postgres_versions": postgres_versions,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        path = d.pop("path")

        machine = d.pop("machine")

        def _parse_needed(data: object) -> list[str] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                needed_type_0 = cast(list[str], data)

                return needed_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None, data)

        needed = _parse_needed(d.pop("needed"))

        def _parse_glibc(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        glibc = _parse_glibc(d.pop("glibc"))

        postgres_versions = cast(list[int], d.pop("postgres_versions"))

        shared_object = cls(
            path=path,
            machine=machine,
            needed=needed,
            glibc=glibc,
            postgres_versions=postgres_versions,
        )

        shared_object.additional_properties = d
        return shared_object

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
