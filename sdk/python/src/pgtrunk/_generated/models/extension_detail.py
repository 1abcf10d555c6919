from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import parse_datetime

if TYPE_CHECKING:
    from ..models.loadable_library import LoadableLibrary
    from ..models.owner import Owner
    from ..models.system_dependencies import SystemDependencies


T = TypeVar("T", bound="ExtensionDetail")


@_attrs_define
class ExtensionDetail:
    """One version of a project.

    Attributes:
        name (str): The project's name.
        extension_name (None | str): The name of its first extension.
        version (str): The version.
        created_at (datetime.datetime): When this version was first published.
        updated_at (datetime.datetime): When a build of it was last published.
        description (None | str): What it is for.
        homepage (None | str): Where it is at home.
        documentation (None | str): Where it is documented.
        repository (None | str): Where its source lies.
        license_ (None | str): The licence.
        owners (list[Owner]): Who owns the project.
        publisher (Owner): A user who owns a project.
        system_dependencies (None | SystemDependencies): System packages it needs, by package manager.
        categories (list[str]): The names of the project's categories.
        libraries (list[LoadableLibrary]): The libraries that the server has to load.
    """

    name: str
    extension_name: None | str
    version: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    description: None | str
    homepage: None | str
    documentation: None | str
    repository: None | str
    license_: None | str
    owners: list[Owner]
    publisher: Owner
    system_dependencies: None | SystemDependencies
    categories: list[str]
    libraries: list[LoadableLibrary]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.system_dependencies import SystemDependencies  # noqa: PLC0415

        name = self.name

        extension_name: None | str
        extension_name = self.extension_name

        version = self.version

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

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

        owners = []
        for owners_item_data in self.owners:
            owners_item = owners_item_data.to_dict()
            owners.append(owners_item)

        publisher = self.publisher.to_dict()

        system_dependencies: dict[str, Any] | None
        if isinstance(self.system_dependencies, SystemDependencies):
            system_dependencies = self.system_dependencies.to_dict()
        else:
            system_dependencies = self.system_dependencies

        categories = self.categories

        libraries = []
        for libraries_item_data in self.libraries:
            libraries_item = libraries_item_data.to_dict()
            libraries.append(libraries_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "extension_name": extension_name,
                "version": version,
                "createdAt": created_at,
                "updatedAt": updated_at,
                "description": description,
                "homepage": homepage,
                "documentation": documentation,
                "repository": repository,
                "license": license_,
                "owners": owners,
                "publisher": publisher,
                "system_dependencies": system_dependencies,
                "categories": categories,
                "libraries": libraries,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.loadable_library import LoadableLibrary  # noqa: PLC0415
        from ..models.owner import Owner  # noqa: PLC0415
        from ..models.system_dependencies import SystemDependencies  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name")

        def _parse_extension_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        extension_name = _parse_extension_name(d.pop("extension_name"))

        version = d.pop("version")

        created_at = parse_datetime(d.pop("createdAt"))

        updated_at = parse_datetime(d.pop("updatedAt"))

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

        owners = []
        _owners = d.pop("owners")
        for owners_item_data in _owners:
            owners_item = Owner.from_dict(owners_item_data)

            owners.append(owners_item)

        publisher = Owner.from_dict(d.pop("publisher"))

        def _parse_system_dependencies(data: object) -> None | SystemDependencies:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                system_dependencies_type_0 = SystemDependencies.from_dict(data)

                return system_dependencies_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | SystemDependencies, data)

        system_dependencies = _parse_system_dependencies(d.pop("system_dependencies"))

        categories = cast(list[str], d.pop("categories"))

        libraries = []
        _libraries = d.pop("libraries")
        for libraries_item_data in _libraries:
            libraries_item = LoadableLibrary.from_dict(libraries_item_data)

            libraries.append(libraries_item)

        extension_detail = cls(
            name=name,
            extension_name=extension_name,
            version=version,
            created_at=created_at,
            updated_at=updated_at,
            description=description,
            homepage=homepage,
            documentation=documentation,
            repository=repository,
            license_=license_,
            owners=owners,
            publisher=publisher,
            system_dependencies=system_dependencies,
            categories=categories,
            libraries=libraries,
        )

        extension_detail.additional_properties = d
        return extension_detail

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
