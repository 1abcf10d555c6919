from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.control import Control
    from ..models.update_path import UpdatePath


T = TypeVar("T", bound="ContentsExtension")


@_attrs_define
class ContentsExtension:
    """An extension inside an archive.

    Attributes:
        name (str): The name for `CREATE EXTENSION`.
        control_file (str): The control file's text.
        control (Control): A control file as PostgreSQL reads it.
        install_versions (list[str]): The extension versions that have an installation script.
        update_paths (list[UpdatePath]): The update scripts.
    """

    name: str
    control_file: str
    control: Control
    install_versions: list[str]
    update_paths: list[UpdatePath]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        control_file = self.control_file

        control = self.control.to_dict()

        install_versions = self.install_versions

        update_paths = []
        for update_paths_item_data in self.update_paths:
            update_paths_item = update_paths_item_data.to_dict()
            update_paths.append(update_paths_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "control_file": control_file,
                "control": control,
                "install_versions": install_versions,
                "update_paths": update_paths,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.control import Control  # noqa: PLC0415
        from ..models.update_path import UpdatePath  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name")

        control_file = d.pop("control_file")

        control = Control.from_dict(d.pop("control"))

        install_versions = cast(list[str], d.pop("install_versions"))

        update_paths = []
        _update_paths = d.pop("update_paths")
        for update_paths_item_data in _update_paths:
            update_paths_item = UpdatePath.from_dict(update_paths_item_data)

            update_paths.append(update_paths_item)

        contents_extension = cls(
            name=name,
            control_file=control_file,
            control=control,
            install_versions=install_versions,
            update_paths=update_paths,
        )

        contents_extension.additional_properties = d
        return contents_extension

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
