from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.platform import Platform, check_platform

if TYPE_CHECKING:
    from ..models.contents_extension import ContentsExtension
    from ..models.contents_file import ContentsFile
    from ..models.shared_object import SharedObject


T = TypeVar("T", bound="Contents")


@_attrs_define
class Contents:
    """The report of an archive's inspection.

    Attributes:
        name (str): The project's name.
        version (str): The project's version.
        pg_version (int): The PostgreSQL major it was compiled for.
        platform (Platform): An operating system and an architecture.
        sha256 (str): The SHA-256 of the archive.
        size (int): The archive's size in bytes.
        unpacked_size (int): The sum of its files' sizes in bytes.
        manifest_version (int): The version of the manifest's form.
        files (list[ContentsFile]): Every file in the archive, by path.
        extensions (list[ContentsExtension]): The extensions inside, by name.
        shared_objects (list[SharedObject]): The shared objects inside, by path.
    """

    name: str
    version: str
    pg_version: int
    platform: Platform
    sha256: str
    size: int
    unpacked_size: int
    manifest_version: int
    files: list[ContentsFile]
    extensions: list[ContentsExtension]
    shared_objects: list[SharedObject]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        version = self.version

        pg_version = self.pg_version

        platform: str = self.platform

        sha256 = self.sha256

        size = self.size

        unpacked_size = self.unpacked_size

        manifest_version = self.manifest_version

        files = []
        for files_item_data in self.files:
            files_item = files_item_data.to_dict()
            files.append(files_item)

        extensions = []
        for extensions_item_data in self.extensions:
            extensions_item = extensions_item_data.to_dict()
            extensions.append(extensions_item)

        shared_objects = []
        for shared_objects_item_data in self.shared_objects:
            shared_objects_item = shared_objects_item_data.to_dict()
            shared_objects.append(shared_objects_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "version": version,
                "pg_version": pg_version,
                "platform": platform,
                "sha256": sha256,
                "size": size,
                "unpacked_size": unpacked_size,
                "manifest_version": manifest_version,
                "files": files,
                "extensions": extensions,
                "shared_objects": shared_objects,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.contents_extension import ContentsExtension  # noqa: PLC0415
        from ..models.contents_file import ContentsFile  # noqa: PLC0415
        from ..models.shared_object import SharedObject  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name")

        version = d.pop("version")

        pg_version = d.pop("pg_version")

        platform = check_platform(d.pop("platform"))

        sha256 = d.pop("sha256")

        size = d.pop("size")

        unpacked_size = d.pop("unpacked_size")

        manifest_version = d.pop("manifest_version")

        files = []
        _files = d.pop("files")
        for files_item_data in _files:
            files_item = ContentsFile.from_dict(files_item_data)

            files.append(files_item)

        extensions = []
        _extensions = d.pop("extensions")
        for extensions_item_data in _extensions:
            extensions_item = ContentsExtension.from_dict(extensions_item_data)

            extensions.append(extensions_item)

        shared_objects = []
        _shared_objects = d.pop("shared_objects")
        for shared_objects_item_data in _shared_objects:
            shared_objects_item = SharedObject.from_dict(shared_objects_item_data)

            shared_objects.append(shared_objects_item)

        contents = cls(
            name=name,
            version=version,
            pg_version=pg_version,
            platform=platform,
            sha256=sha256,
            size=size,
            unpacked_size=unpacked_size,
            manifest_version=manifest_version,
            files=files,
            extensions=extensions,
            shared_objects=shared_objects,
        )

        contents.additional_properties = d
        return contents

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
