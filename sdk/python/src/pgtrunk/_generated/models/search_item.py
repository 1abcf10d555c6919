from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.health_word import HealthWord, check_health_word
from ..models.platform import Platform, check_platform
from ..types import parse_datetime

if TYPE_CHECKING:
    from ..models.search_fragment import SearchFragment


T = TypeVar("T", bound="SearchItem")


@_attrs_define
class SearchItem:
    """A project that fits.

    Attributes:
        name (str): The project's name.
        extensions (list[str]): The names for `CREATE EXTENSION`.
        version (str): The latest version.
        description (str): What the publisher says it is; empty where nothing was said.
        snippet (list[SearchFragment]): The part of the description or of the README in which the words are.
        categories (list[str]): The slugs of its categories.
        postgres_versions (list[int]): The PostgreSQL majors that the latest version was compiled for, in ascending
            order.
        platforms (list[Platform]): The platforms that the latest version was compiled for.
        license_ (str): The licence as it was published; empty where nothing was said.
        owners (list[str]): The users who own it.
        trusted (bool): Whether its extensions can be created without being a superuser.
        deprecated (None | str): Why the project should not be used any more; null where it may.
        released_at (datetime.datetime): When the latest version was published.
        downloads (int): The downloads of the last 30 days.
        health (HealthWord): How the project is kept, in a word that `/api/v1/trunk-projects/{name}/health` explains.
    """

    name: str
    extensions: list[str]
    version: str
    description: str
    snippet: list[SearchFragment]
    categories: list[str]
    postgres_versions: list[int]
    platforms: list[Platform]
    license_: str
    owners: list[str]
    trusted: bool
    deprecated: None | str
    released_at: datetime.datetime
    downloads: int
    health: HealthWord
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        extensions = self.extensions

        version = self.version

        description = self.description

        snippet = []
        for snippet_item_data in self.snippet:
            snippet_item = snippet_item_data.to_dict()
            snippet.append(snippet_item)

        categories = self.categories

        postgres_versions = self.postgres_versions

        platforms = []
        for platforms_item_data in self.platforms:
            platforms_item: str = platforms_item_data
            platforms.append(platforms_item)

        license_ = self.license_

        owners = self.owners

        trusted = self.trusted

        deprecated: None | str
        deprecated = self.deprecated

        released_at = self.released_at.isoformat()

        downloads = self.downloads

        health: str = self.health

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "extensions": extensions,
                "version": version,
                "description": description,
                "snippet": snippet,
                "categories": categories,
                "postgres_versions": postgres_versions,
                "platforms": platforms,
                "license": license_,
                "owners": owners,
                "trusted": trusted,
                "deprecated": deprecated,
                "released_at": released_at,
                "downloads": downloads,
                "health": health,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.search_fragment import SearchFragment  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name")

        extensions = cast(list[str], d.pop("extensions"))

        version = d.pop("version")

        description = d.pop("description")

        snippet = []
        _snippet = d.pop("snippet")
        for snippet_item_data in _snippet:
            snippet_item = SearchFragment.from_dict(snippet_item_data)

            snippet.append(snippet_item)

        categories = cast(list[str], d.pop("categories"))

        postgres_versions = cast(list[int], d.pop("postgres_versions"))

        platforms = []
        _platforms = d.pop("platforms")
        for platforms_item_data in _platforms:
            platforms_item = check_platform(platforms_item_data)

            platforms.append(platforms_item)

        license_ = d.pop("license")

        owners = cast(list[str], d.pop("owners"))

        trusted = d.pop("trusted")

        def _parse_deprecated(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        deprecated = _parse_deprecated(d.pop("deprecated"))

        released_at = parse_datetime(d.pop("released_at"))

        downloads = d.pop("downloads")

        health = check_health_word(d.pop("health"))

        search_item = cls(
            name=name,
            extensions=extensions,
            version=version,
            description=description,
            snippet=snippet,
            categories=categories,
            postgres_versions=postgres_versions,
            platforms=platforms,
            license_=license_,
            owners=owners,
            trusted=trusted,
            deprecated=deprecated,
            released_at=released_at,
            downloads=downloads,
            health=health,
        )

        search_item.additional_properties = d
        return search_item

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
