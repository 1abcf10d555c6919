from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.download import Download
    from ..models.project_extension import ProjectExtension


T = TypeVar("T", bound="ProjectVersion")


@_attrs_define
class ProjectVersion:
    """One version of a project with everything a client needs to install it.

    Attributes:
        name (str): The project's name in its canonical spelling.
        description (str): What the project is for; empty when its publisher said nothing.
        documentation_link (None | str): Where it is documented.
        repository_link (str): Where its source lies; empty when its publisher said nothing.
        version (str): The project's version.
        postgres_versions (list[int]): The PostgreSQL majors there are builds for, ascending.
        extensions (list[ProjectExtension]): The extensions inside, by name.
        downloads (list[Download]): The archives, by PostgreSQL major, linux/amd64 first.
        yanked (bool | Unset): There, and true, when the version was withdrawn; it stays installable by its exact
            number.
        yanked_reason (str | Unset): Why it was withdrawn; there with `yanked`.
        yanked_replacement (str | Unset): The version to install instead, where one was named.
        deprecated (str | Unset): There when the project should not be used any more; says why and what to use instead.
    """

    name: str
    description: str
    documentation_link: None | str
    repository_link: str
    version: str
    postgres_versions: list[int]
    extensions: list[ProjectExtension]
    downloads: list[Download]
    yanked: bool | Unset = UNSET
    yanked_reason: str | Unset = UNSET
    yanked_replacement: str | Unset = UNSET
    deprecated: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        description = self.description

        documentation_link: None | str
        documentation_link = self.documentation_link

        repository_link = self.repository_link

        version = self.version

        postgres_versions = self.postgres_versions

        extensions = []
        for extensions_item_data in self.extensions:
            extensions_item = extensions_item_data.to_dict()
            extensions.append(extensions_item)

        downloads = []
        for downloads_item_data in self.downloads:
            downloads_item = downloads_item_data.to_dict()
            downloads.append(downloads_item)

        yanked = self.yanked

        yanked_reason = self.yanked_reason

        yanked_replacement = self.yanked_replacement

        deprecated = self.deprecated

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "description": description,
                "documentation_link": documentation_link,
                "repository_link": repository_link,
                "version": version,
                "postgres_versions": postgres_versions,
                "extensions": extensions,
                "downloads": downloads,
            }
        )
        if yanked is not UNSET:
            field_dict["yanked"] = yanked
        if yanked_reason is not UNSET:
            field_dict["yanked_reason"] = yanked_reason
        if yanked_replacement is not UNSET:
            field_dict["yanked_replacement"] = yanked_replacement
        if deprecated is not UNSET:
            field_dict["deprecated"] = deprecated

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.download import Download  # noqa: PLC0415
        from ..models.project_extension import ProjectExtension  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name")

        description = d.pop("description")

        def _parse_documentation_link(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        documentation_link = _parse_documentation_link(d.pop("documentation_link"))

        repository_link = d.pop("repository_link")

        version = d.pop("version")

        postgres_versions = cast(list[int], d.pop("postgres_versions"))

        extensions = []
        _extensions = d.pop("extensions")
        for extensions_item_data in _extensions:
            extensions_item = ProjectExtension.from_dict(extensions_item_data)

            extensions.append(extensions_item)

        downloads = []
        _downloads = d.pop("downloads")
        for downloads_item_data in _downloads:
            downloads_item = Download.from_dict(downloads_item_data)

            downloads.append(downloads_item)

        yanked = d.pop("yanked", UNSET)

        yanked_reason = d.pop("yanked_reason", UNSET)

        yanked_replacement = d.pop("yanked_replacement", UNSET)

        deprecated = d.pop("deprecated", UNSET)

        project_version = cls(
            name=name,
            description=description,
            documentation_link=documentation_link,
            repository_link=repository_link,
            version=version,
            postgres_versions=postgres_versions,
            extensions=extensions,
            downloads=downloads,
            yanked=yanked,
            yanked_reason=yanked_reason,
            yanked_replacement=yanked_replacement,
            deprecated=deprecated,
        )

        project_version.additional_properties = d
        return project_version

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
