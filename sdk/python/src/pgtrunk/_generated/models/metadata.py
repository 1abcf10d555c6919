from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.metadata_configuration import MetadataConfiguration
    from ..models.metadata_library import MetadataLibrary
    from ..models.metadata_system_dependencies import MetadataSystemDependencies


T = TypeVar("T", bound="Metadata")


@_attrs_define
class Metadata:
    """What the publisher says of a release, as JSON of at most 256 KiB. Any optional value may be null; unknown keys
    are ignored. Control characters are refused everywhere, but for line breaks and tabs in `description`.

        Attributes:
            name (str): The project's name; unique after lower-casing, and no word of the registry's own addresses.
            vers (str): The project's version; SemVer 2, or numbers with dots.
            extension_name (None | str | Unset): The control file's name where it is not the project's.
            extension_dependencies (list[str] | None | Unset): The extensions that have to be there first.
            description (None | str | Unset): What the project is for.
            documentation (None | str | Unset): Where it is documented; an http or https address, or text without a scheme.
            homepage (None | str | Unset): Where it is at home; as `documentation`.
            license_ (None | str | Unset): The licence, best as an SPDX expression.
            repository (None | str | Unset): Where its source lies; as `documentation`.
            system_dependencies (MetadataSystemDependencies | None | Unset): System packages it needs, by package manager.
            categories (list[str] | None | Unset): Slugs of `/categories/all`.
            configurations (list[MetadataConfiguration] | None | Unset): The settings that the extension reads. `name`,
                `required` and `default` are taken as well.
            libraries (list[MetadataLibrary] | None | Unset): The libraries that the server has to load.
    """

    name: str
    vers: str
    extension_name: None | str | Unset = UNSET
    extension_dependencies: list[str] | None | Unset = UNSET
    description: None | str | Unset = UNSET
    documentation: None | str | Unset = UNSET
    homepage: None | str | Unset = UNSET
    license_: None | str | Unset = UNSET
    repository: None | str | Unset = UNSET
    system_dependencies: MetadataSystemDependencies | None | Unset = UNSET
    categories: list[str] | None | Unset = UNSET
    configurations: list[MetadataConfiguration] | None | Unset = UNSET
    libraries: list[MetadataLibrary] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.metadata_system_dependencies import MetadataSystemDependencies  # noqa: PLC0415

        name = self.name

        vers = self.vers

        extension_name: None | str | Unset
        if isinstance(self.extension_name, Unset):
            extension_name = UNSET
        else:
            extension_name = self.extension_name

        extension_dependencies: list[str] | None | Unset
        if isinstance(self.extension_dependencies, Unset):
            extension_dependencies = UNSET
        elif isinstance(self.extension_dependencies, list):
            extension_dependencies = self.extension_dependencies

        else:
            extension_dependencies = self.extension_dependencies

        description: None | str | Unset
        if isinstance(self.description, Unset):
            description = UNSET
        else:
            description = self.description

        documentation: None | str | Unset
        if isinstance(self.documentation, Unset):
            documentation = UNSET
        else:
            documentation = self.documentation

        homepage: None | str | Unset
        if isinstance(self.homepage, Unset):
            homepage = UNSET
        else:
            homepage = self.homepage

        license_: None | str | Unset
        if isinstance(self.license_, Unset):
            license_ = UNSET
        else:
            license_ = self.license_

        repository: None | str | Unset
        if isinstance(self.repository, Unset):
            repository = UNSET
        else:
            repository = self.repository

        system_dependencies: dict[str, Any] | None | Unset
        if isinstance(self.system_dependencies, Unset):
            system_dependencies = UNSET
        elif isinstance(self.system_dependencies, MetadataSystemDependencies):
            system_dependencies = self.system_dependencies.to_dict()
        else:
            system_dependencies = self.system_dependencies

        categories: list[str] | None | Unset
        if isinstance(self.categories, Unset):
            categories = UNSET
        elif isinstance(self.categories, list):
            categories = self.categories

        else:
            categories = self.categories

        configurations: list[dict[str, Any]] | None | Unset
        if isinstance(self.configurations, Unset):
            configurations = UNSET
        elif isinstance(self.configurations, list):
            configurations = []
            for configurations_type_0_item_data in self.configurations:
                configurations_type_0_item = configurations_type_0_item_data.to_dict()
                configurations.append(configurations_type_0_item)

        else:
            configurations = self.configurations

        libraries: list[dict[str, Any]] | None | Unset
        if isinstance(self.libraries, Unset):
            libraries = UNSET
        elif isinstance(self.libraries, list):
            libraries = []
            for libraries_type_0_item_data in self.libraries:
                libraries_type_0_item = libraries_type_0_item_data.to_dict()
                libraries.append(libraries_type_0_item)

        else:
            libraries = self.libraries

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "vers": vers,
            }
        )
        if extension_name is not UNSET:
            field_dict["extension_name"] = extension_name
        if extension_dependencies is not UNSET:
            field_dict["extension_dependencies"] = extension_dependencies
        if description is not UNSET:
            field_dict["description"] = description
        if documentation is not UNSET:
            field_dict["documentation"] = documentation
        if homepage is not UNSET:
            field_dict["homepage"] = homepage
        if license_ is not UNSET:
            field_dict["license"] = license_
        if repository is not UNSET:
            field_dict["repository"] = repository
        if system_dependencies is not UNSET:
            field_dict["system_dependencies"] = system_dependencies
        if categories is not UNSET:
            field_dict["categories"] = categories
        if configurations is not UNSET:
            field_dict["configurations"] = configurations
        if libraries is not UNSET:
            field_dict["libraries"] = libraries

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.metadata_configuration import MetadataConfiguration  # noqa: PLC0415
        from ..models.metadata_library import MetadataLibrary  # noqa: PLC0415
        from ..models.metadata_system_dependencies import MetadataSystemDependencies  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name")

        vers = d.pop("vers")

        def _parse_extension_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        extension_name = _parse_extension_name(d.pop("extension_name", UNSET))

        def _parse_extension_dependencies(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                extension_dependencies_type_0 = cast(list[str], data)

                return extension_dependencies_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        extension_dependencies = _parse_extension_dependencies(
            d.pop("extension_dependencies", UNSET)
        )

        def _parse_description(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        description = _parse_description(d.pop("description", UNSET))

        def _parse_documentation(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        documentation = _parse_documentation(d.pop("documentation", UNSET))

        def _parse_homepage(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        homepage = _parse_homepage(d.pop("homepage", UNSET))

        def _parse_license_(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        license_ = _parse_license_(d.pop("license", UNSET))

        def _parse_repository(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        repository = _parse_repository(d.pop("repository", UNSET))

        def _parse_system_dependencies(
            data: object,
        ) -> MetadataSystemDependencies | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                system_dependencies_type_0 = MetadataSystemDependencies.from_dict(data)

                return system_dependencies_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MetadataSystemDependencies | None | Unset, data)

        system_dependencies = _parse_system_dependencies(
            d.pop("system_dependencies", UNSET)
        )

        def _parse_categories(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                categories_type_0 = cast(list[str], data)

                return categories_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        categories = _parse_categories(d.pop("categories", UNSET))

        def _parse_configurations(
            data: object,
        ) -> list[MetadataConfiguration] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                configurations_type_0 = []
                _configurations_type_0 = data
                for configurations_type_0_item_data in _configurations_type_0:
                    configurations_type_0_item = MetadataConfiguration.from_dict(
                        configurations_type_0_item_data
                    )

                    configurations_type_0.append(configurations_type_0_item)

                return configurations_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[MetadataConfiguration] | None | Unset, data)

        configurations = _parse_configurations(d.pop("configurations", UNSET))

        def _parse_libraries(data: object) -> list[MetadataLibrary] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                libraries_type_0 = []
                _libraries_type_0 = data
                for libraries_type_0_item_data in _libraries_type_0:
                    libraries_type_0_item = MetadataLibrary.from_dict(
                        libraries_type_0_item_data
                    )

                    libraries_type_0.append(libraries_type_0_item)

                return libraries_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[MetadataLibrary] | None | Unset, data)

        libraries = _parse_libraries(d.pop("libraries", UNSET))

        metadata = cls(
            name=name,
            vers=vers,
            extension_name=extension_name,
            extension_dependencies=extension_dependencies,
            description=description,
            documentation=documentation,
            homepage=homepage,
            license_=license_,
            repository=repository,
            system_dependencies=system_dependencies,
            categories=categories,
            configurations=configurations,
            libraries=libraries,
        )

        metadata.additional_properties = d
        return metadata

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
