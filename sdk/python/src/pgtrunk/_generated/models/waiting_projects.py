from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="WaitingProjects")


@_attrs_define
class WaitingProjects:
    """Projects whose latest version has no build for the newest PostgreSQL major that there are builds for.

    Attributes:
        pg_version (int): That major.
        projects (int): How many they are.
    """

    pg_version: int
    projects: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        pg_version = self.pg_version

        projects = self.projects

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "pg_version": pg_version,
                "projects": projects,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        pg_version = d.pop("pg_version")

        projects = d.pop("projects")

        waiting_projects = cls(
            pg_version=pg_version,
            projects=projects,
        )

        waiting_projects.additional_properties = d
        return waiting_projects

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
