from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.search_facets_relation import (
    SearchFacetsRelation,
    check_search_facets_relation,
)

if TYPE_CHECKING:
    from ..models.facet_count import FacetCount


T = TypeVar("T", bound="SearchFacets")


@_attrs_define
class SearchFacets:
    """How many projects each value of a filter gives beside the other filters, at most twenty values a filter, the
    highest count first, majors the newest first.

        Attributes:
            category (list[FacetCount]): By the slugs of categories.
            pg_version (list[FacetCount]): By PostgreSQL majors.
            platform (list[FacetCount]): By platforms.
            license_ (list[FacetCount]): By licences.
            owner (list[FacetCount]): By owners.
            trusted (list[FacetCount]): By whether a superuser is needed.
            relation (SearchFacetsRelation): Whether these are the numbers (`eq`), or estimates because there is too much to
                count (`about`).
    """

    category: list[FacetCount]
    pg_version: list[FacetCount]
    platform: list[FacetCount]
    license_: list[FacetCount]
    owner: list[FacetCount]
    trusted: list[FacetCount]
    relation: SearchFacetsRelation
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        category = []
        for category_item_data in self.category:
            category_item = category_item_data.to_dict()
            category.append(category_item)

        pg_version = []
        for pg_version_item_data in self.pg_version:
            pg_version_item = pg_version_item_data.to_dict()
            pg_version.append(pg_version_item)

        platform = []
        for platform_item_data in self.platform:
            platform_item = platform_item_data.to_dict()
            platform.append(platform_item)

        license_ = []
        for license_item_data in self.license_:
            license_item = license_item_data.to_dict()
            license_.append(license_item)

        owner = []
        for owner_item_data in self.owner:
            owner_item = owner_item_data.to_dict()
            owner.append(owner_item)

        trusted = []
        for trusted_item_data in self.trusted:
            trusted_item = trusted_item_data.to_dict()
            trusted.append(trusted_item)

        relation: str = self.relation

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "category": category,
                "pg_version": pg_version,
                "platform": platform,
                "license": license_,
                "owner": owner,
                "trusted": trusted,
                "relation": relation,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.facet_count import FacetCount  # noqa: PLC0415

        d = dict(src_dict)
        category = []
        _category = d.pop("category")
        for category_item_data in _category:
            category_item = FacetCount.from_dict(category_item_data)

            category.append(category_item)

        pg_version = []
        _pg_version = d.pop("pg_version")
        for pg_version_item_data in _pg_version:
            pg_version_item = FacetCount.from_dict(pg_version_item_data)

            pg_version.append(pg_version_item)

        platform = []
        _platform = d.pop("platform")
        for platform_item_data in _platform:
            platform_item = FacetCount.from_dict(platform_item_data)

            platform.append(platform_item)

        license_ = []
        _license_ = d.pop("license")
        for license_item_data in _license_:
            license_item = FacetCount.from_dict(license_item_data)

            license_.append(license_item)

        owner = []
        _owner = d.pop("owner")
        for owner_item_data in _owner:
            owner_item = FacetCount.from_dict(owner_item_data)

            owner.append(owner_item)

        trusted = []
        _trusted = d.pop("trusted")
        for trusted_item_data in _trusted:
            trusted_item = FacetCount.from_dict(trusted_item_data)

            trusted.append(trusted_item)

        relation = check_search_facets_relation(d.pop("relation"))

        search_facets = cls(
            category=category,
            pg_version=pg_version,
            platform=platform,
            license_=license_,
            owner=owner,
            trusted=trusted,
            relation=relation,
        )

        search_facets.additional_properties = d
        return search_facets

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
