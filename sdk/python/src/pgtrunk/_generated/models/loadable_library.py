from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="LoadableLibrary")


@_attrs_define
class LoadableLibrary:
    """A library that the server has to load.

    Attributes:
        library_name (str): The library's name, as it is written into the setting.
        requires_restart (bool): It belongs into `shared_preload_libraries`, so the server has to be restarted.
        priority (int): The order in that setting, lowest first.
    """

    library_name: str
    requires_restart: bool
    priority: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        library_name = self.library_name

        requires_restart = self.requires_restart

        priority = self.priority

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "library_name": library_name,
                "requires_restart": requires_restart,
                "priority": priority,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        library_name = d.pop("library_name")

        requires_restart = d.pop("requires_restart")

        priority = d.pop("priority")

        loadable_library = cls(
            library_name=library_name,
            requires_restart=requires_restart,
            priority=priority,
        )

        loadable_library.additional_properties = d
        return loadable_library

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
