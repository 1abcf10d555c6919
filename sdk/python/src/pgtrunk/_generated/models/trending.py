from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.trending_window import TrendingWindow, check_trending_window

if TYPE_CHECKING:
    from ..models.trending_project import TrendingProject


T = TypeVar("T", bound="Trending")


@_attrs_define
class Trending:
    """The projects that grow most.

    Attributes:
        window (TrendingWindow): How long the window is.
        rule (str): The rule in a sentence.
        items (list[TrendingProject]): The one that grows most first.
    """

    window: TrendingWindow
    rule: str
    items: list[TrendingProject]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        window: str = self.window

        rule = self.rule

        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "window": window,
                "rule": rule,
                "items": items,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.trending_project import TrendingProject  # noqa: PLC0415

        d = dict(src_dict)
        window = check_trending_window(d.pop("window"))

        rule = d.pop("rule")

        items = []
        _items = d.pop("items")
        for items_item_data in _items:
            items_item = TrendingProject.from_dict(items_item_data)

            items.append(items_item)

        trending = cls(
            window=window,
            rule=rule,
            items=items,
        )

        trending.additional_properties = d
        return trending

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
