from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="TrendingProject")


@_attrs_define
class TrendingProject:
    """A project that grows.

    Attributes:
        name (str): The project's name.
        version (str): Its latest version.
        description (str): What it is.
        downloads (int): Downloads in the window's whole days.
        installers (int): Installers in them.
        installers_before (int): Those of as many days before.
        score (float): By how many standard deviations the growth is more than chance.
    """

    name: str
    version: str
    description: str
    downloads: int
    installers: int
    installers_before: int
    score: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        version = self.version

        description = self.description

        downloads = self.downloads

        installers = self.installers

        installers_before = self.installers_before

        score = self.score

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "version": version,
                "description": description,
                "downloads": downloads,
                "installers": installers,
                "installers_before": installers_before,
                "score": score,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        version = d.pop("version")

        description = d.pop("description")

        downloads = d.pop("downloads")

        installers = d.pop("installers")

        installers_before = d.pop("installers_before")

        score = d.pop("score")

        trending_project = cls(
            name=name,
            version=version,
            description=description,
            downloads=downloads,
            installers=installers,
            installers_before=installers_before,
            score=score,
        )

        trending_project.additional_properties = d
        return trending_project

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
