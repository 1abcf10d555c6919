from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="RegistryPart")


@_attrs_define
class RegistryPart:
    """How much there is for a PostgreSQL major or a platform.

    Attributes:
        value (str): The major or the platform.
        projects (int): Projects whose latest version has a build for it.
        downloads (int): Downloads of the last 30 days.
    """

    value: str
    projects: int
    downloads: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        value = self.value

        projects = self.projects

        downloads = self.downloads

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "value": value,
                "projects": projects,
                "downloads": downloads,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        value = d.pop("value")

        projects = d.pop("projects")

        downloads = d.pop("downloads")

        registry_part = cls(
            value=value,
            projects=projects,
            downloads=downloads,
        )

        registry_part.additional_properties = d
        return registry_part

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
