from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.search_facets import SearchFacets
    from ..models.search_item import SearchItem
    from ..models.search_total import SearchTotal


T = TypeVar("T", bound="SearchResult")


@_attrs_define
class SearchResult:
    """A page of answers.

    Attributes:
        items (list[SearchItem]): The projects, in the order that was asked for.
        facets (SearchFacets): How many projects each value of a filter gives beside the other filters, at most twenty
            values a filter, the
            highest count first, majors the newest first.
        total (SearchTotal): How many projects fit.
        did_you_mean (None | str): The question with its unknown words put right; null where there is nothing to put
            right.
        next_cursor (None | str): The `cursor` of the next page; null on the last one.
    """

    items: list[SearchItem]
    facets: SearchFacets
    total: SearchTotal
    did_you_mean: None | str
    next_cursor: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)

        facets = self.facets.to_dict()

        total = self.total.to_dict()

        did_you_mean: None | str
        did_you_mean = self.did_you_mean

        next_cursor: None | str
        next_cursor = self.next_cursor

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "items": items,
                "facets": facets,
                "total": total,
                "did_you_mean": did_you_mean,
                "next_cursor": next_cursor,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.search_facets import SearchFacets  # noqa: PLC0415
        from ..models.search_item import SearchItem  # noqa: PLC0415
        from ..models.search_total import SearchTotal  # noqa: PLC0415

        d = dict(src_dict)
        items = []
        _items = d.pop("items")
        for items_item_data in _items:
            items_item = SearchItem.from_dict(items_item_data)

            items.append(items_item)

        facets = SearchFacets.from_dict(d.pop("facets"))

        total = SearchTotal.from_dict(d.pop("total"))

        def _parse_did_you_mean(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        did_you_mean = _parse_did_you_mean(d.pop("did_you_mean"))

        def _parse_next_cursor(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        next_cursor = _parse_next_cursor(d.pop("next_cursor"))

        search_result = cls(
            items=items,
            facets=facets,
            total=total,
            did_you_mean=did_you_mean,
            next_cursor=next_cursor,
        )

        search_result.additional_properties = d
        return search_result

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
