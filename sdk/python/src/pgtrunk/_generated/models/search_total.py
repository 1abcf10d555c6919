from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.search_total_relation import (
    SearchTotalRelation,
    check_search_total_relation,
)

T = TypeVar("T", bound="SearchTotal")


@_attrs_define
class SearchTotal:
    """How many projects fit.

    Attributes:
        value (int): The number, exact up to 1,000.
        relation (SearchTotalRelation): Whether there are just so many (`eq`), or at least so many (`gte`).
    """

    value: int
    relation: SearchTotalRelation
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        value = self.value

        relation: str = self.relation

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "value": value,
                "relation": relation,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        value = d.pop("value")

        relation = check_search_total_relation(d.pop("relation"))

        search_total = cls(
            value=value,
            relation=relation,
        )

        search_total.additional_properties = d
        return search_total

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
