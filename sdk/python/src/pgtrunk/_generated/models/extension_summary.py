from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import parse_datetime

if TYPE_CHECKING:
    from ..models.owner import Owner


T = TypeVar("T", bound="ExtensionSummary")


@_attrs_define
class ExtensionSummary:
    """A project with its latest version.

    Attributes:
        name (str): The project's name.
        latest_version (str): Its latest version.
        description (None | str): What it is for.
        homepage (None | str): Where it is at home.
        documentation (None | str): Where it is documented.
        repository (None | str): Where its source lies.
        license_ (None | str): The licence.
        created_at (datetime.datetime): When the project was first published.
        updated_at (datetime.datetime): When something was last published.
        owners (list[Owner]): Who owns it.
        categories (list[str]): The names of its categories.
    """

    name: str
    latest_version: str
    description: None | str
    homepage: None | str
    documentation: None | str
    repository: None | str
    license_: None | str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    owners: list[Owner]
    categories: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        latest_version = self.latest_version

        description: None | str
        description = self.description

        homepage: None | str
        homepage = self.homepage

        documentation: None | str
        documentation = self.documentation

        repository: None | str
        repository = self.repository

        license_: None | str
        license_ = self.license_

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        owners = []
        for owners_item_data in self.owners:
            owners_item = owners_item_data.to_dict()
            owners.append(owners_item)

        categories = self.categories

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "latestVersion": latest_version,
                "description": description,
                "homepage": homepage,
                "documentation": documentation,
                "repository": repository,
                "license": license_,
                "createdAt": created_at,
                "updatedAt": updated_at,
                "owners": owners,
                "categories": categories,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.owner import Owner  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name")

        latest_version = d.pop("latestVersion")

        def _parse_description(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        description = _parse_description(d.pop("description"))

        def _parse_homepage(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        homepage = _parse_homepage(d.pop("homepage"))

        def _parse_documentation(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        documentation = _parse_documentation(d.pop("documentation"))

        def _parse_repository(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        repository = _parse_repository(d.pop("repository"))

        def _parse_license_(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        license_ = _parse_license_(d.pop("license"))

        created_at = parse_datetime(d.pop("createdAt"))

        updated_at = parse_datetime(d.pop("updatedAt"))

        owners = []
        _owners = d.pop("owners")
        for owners_item_data in _owners:
            owners_item = Owner.from_dict(owners_item_data)

            owners.append(owners_item)

        categories = cast(list[str], d.pop("categories"))

        extension_summary = cls(
            name=name,
            latest_version=latest_version,
            description=description,
            homepage=homepage,
            documentation=documentation,
            repository=repository,
            license_=license_,
            created_at=created_at,
            updated_at=updated_at,
            owners=owners,
            categories=categories,
        )

        extension_summary.additional_properties = d
        return extension_summary

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
