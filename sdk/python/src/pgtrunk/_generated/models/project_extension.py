from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.configuration import Configuration
    from ..models.control_file import ControlFile
    from ..models.loadable_library import LoadableLibrary


T = TypeVar("T", bound="ProjectExtension")


@_attrs_define
class ProjectExtension:
    """An extension as one version of a project ships it.

    Attributes:
        extension_name (str): The name for `CREATE EXTENSION`.
        version (str): The project's version; the extension's own is in the control file.
        trunk_project_name (str): The project.
        dependencies_extension_names (list[str] | None): The extensions that have to be there first.
        loadable_libraries (list[LoadableLibrary] | None): The libraries that the server has to load.
        configurations (list[Configuration] | None): The settings that the extension reads.
        control_file (ControlFile | None): The control file.
    """

    extension_name: str
    version: str
    trunk_project_name: str
    dependencies_extension_names: list[str] | None
    loadable_libraries: list[LoadableLibrary] | None
    configurations: list[Configuration] | None
    control_file: ControlFile | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.control_file import ControlFile  # noqa: PLC0415

        extension_name = self.extension_name

        version = self.version

        trunk_project_name = self.trunk_project_name

        dependencies_extension_names: list[str] | None
        if isinstance(self.dependencies_extension_names, list):
            dependencies_extension_names = self.dependencies_extension_names

        else:
            dependencies_extension_names = self.dependencies_extension_names

        loadable_libraries: list[dict[str, Any]] | None
        if isinstance(self.loadable_libraries, list):
            loadable_libraries = []
            for loadable_libraries_type_0_item_data in self.loadable_libraries:
                loadable_libraries_type_0_item = (
                    loadable_libraries_type_0_item_data.to_dict()
                )
                loadable_libraries.append(loadable_libraries_type_0_item)

        else:
            loadable_libraries = self.loadable_libraries

        configurations: list[dict[str, Any]] | None
        if isinstance(self.configurations, list):
            configurations = []
            for configurations_type_0_item_data in self.configurations:
                configurations_type_0_item = configurations_type_0_item_data.to_dict()
                configurations.append(configurations_type_0_item)

        else:
            configurations = self.configurations

        control_file: dict[str, Any] | None
        if isinstance(self.control_file, ControlFile):
            control_file = self.control_file.to_dict()
        else:
            control_file = self.control_file

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "extension_name": extension_name,
                "version": version,
                "trunk_project_name": trunk_project_name,
                "dependencies_extension_names": dependencies_extension_names,
                "loadable_libraries": loadable_libraries,
                "configurations": configurations,
                "control_file": control_file,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.configuration import Configuration  # noqa: PLC0415
        from ..models.control_file import ControlFile  # noqa: PLC0415
        from ..models.loadable_library import LoadableLibrary  # noqa: PLC0415

        d = dict(src_dict)
        extension_name = d.pop("extension_name")

        version = d.pop("version")

        trunk_project_name = d.pop("trunk_project_name")

        def _parse_dependencies_extension_names(data: object) -> list[str] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                dependencies_extension_names_type_0 = cast(list[str], data)

                return dependencies_extension_names_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None, data)

        dependencies_extension_names = _parse_dependencies_extension_names(
            d.pop("dependencies_extension_names")
        )

        def _parse_loadable_libraries(data: object) -> list[LoadableLibrary] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                loadable_libraries_type_0 = []
                _loadable_libraries_type_0 = data
                for loadable_libraries_type_0_item_data in _loadable_libraries_type_0:
                    loadable_libraries_type_0_item = LoadableLibrary.from_dict(
                        loadable_libraries_type_0_item_data
                    )

                    loadable_libraries_type_0.append(loadable_libraries_type_0_item)

                return loadable_libraries_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[LoadableLibrary] | None, data)

        loadable_libraries = _parse_loadable_libraries(d.pop("loadable_libraries"))

        def _parse_configurations(data: object) -> list[Configuration] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                configurations_type_0 = []
                _configurations_type_0 = data
                for configurations_type_0_item_data in _configurations_type_0:
                    configurations_type_0_item = Configuration.from_dict(
                        configurations_type_0_item_data
                    )

                    configurations_type_0.append(configurations_type_0_item)

                return configurations_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[Configuration] | None, data)

        configurations = _parse_configurations(d.pop("configurations"))

        def _parse_control_file(data: object) -> ControlFile | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                control_file_type_0 = ControlFile.from_dict(data)

                return control_file_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ControlFile | None, data)

        control_file = _parse_control_file(d.pop("control_file"))

        project_extension = cls(
            extension_name=extension_name,
            version=version,
            trunk_project_name=trunk_project_name,
            dependencies_extension_names=dependencies_extension_names,
            loadable_libraries=loadable_libraries,
            configurations=configurations,
            control_file=control_file,
        )

        project_extension.additional_properties = d
        return project_extension

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
