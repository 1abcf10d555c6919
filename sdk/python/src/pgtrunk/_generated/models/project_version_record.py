from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.download_record import DownloadRecord
    from ..models.extension_record import ExtensionRecord


T = TypeVar("T", bound="ProjectVersionRecord")


@_attrs_define
class ProjectVersionRecord:
    """A version whose archives lie elsewhere, in the form in which versions are read. What is not listed here is ignored.

    Attributes:
        name (str): The project's name.
        version (str): The project's version.
        extensions (list[ExtensionRecord]): The extensions inside.
        downloads (list[DownloadRecord]): Where the archives lie.
        description (None | str | Unset): What the project is for.
        documentation_link (None | str | Unset): Where it is documented.
        repository_link (None | str | Unset): Where its source lies.
    """

    name: str
    version: str
    extensions: list[ExtensionRecord]
    downloads: list[DownloadRecord]
    description: None | str | Unset = UNSET
    documentation_link: None | str | Unset = UNSET
    repository_link: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        version = self.version

        extensions = []
        for extensions_item_data in self.extensions:
            extensions_item = extensions_item_data.to_dict()
            extensions.append(extensions_item)

        downloads = []
        for downloads_item_data in self.downloads:
            downloads_item = downloads_item_data.to_dict()
            downloads.append(downloads_item)

        description: None | str | Unset
        if isinstance(self.description, Unset):
            description = UNSET
        else:
            description = self.description

        documentation_link: None | str | Unset
        if isinstance(self.documentation_link, Unset):
            documentation_link = UNSET
        else:
            documentation_link = self.documentation_link

        repository_link: None | str | Unset
        if isinstance(self.repository_link, Unset):
            repository_link = UNSET
        else:
            repository_link = self.repository_link

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "version": version,
                "extensions": extensions,
                "downloads": downloads,
            }
        )
        if description is not UNSET:
            field_dict["description"] = description
        if documentation_link is not UNSET:
            field_dict["documentation_link"] = documentation_link
        if repository_link is not UNSET:
            field_dict["repository_link"] = repository_link

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.download_record import DownloadRecord  # noqa: PLC0415
        from ..models.extension_record import ExtensionRecord  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name")

        version = d.pop("version")

        extensions = []
        _extensions = d.pop("extensions")
        for extensions_item_data in _extensions:
            extensions_item = ExtensionRecord.from_dict(extensions_item_data)

            extensions.append(extensions_item)

        downloads = []
        _downloads = d.pop("downloads")
        for downloads_item_data in _downloads:
            downloads_item = DownloadRecord.from_dict(downloads_item_data)

            downloads.append(downloads_item)

        def _parse_description(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        description = _parse_description(d.pop("description", UNSET))

        def _parse_documentation_link(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        documentation_link = _parse_documentation_link(
            d.pop("documentation_link", UNSET)
        )

        def _parse_repository_link(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        repository_link = _parse_repository_link(d.pop("repository_link", UNSET))

        project_version_record = cls(
            name=name,
            version=version,
            extensions=extensions,
            downloads=downloads,
            description=description,
            documentation_link=documentation_link,
            repository_link=repository_link,
        )

        project_version_record.additional_properties = d
        return project_version_record

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
