from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="UsageTrend")


@_attrs_define
class UsageTrend:
    """By which share the downloads of whole days are more than those of as many days before: 0.25 is a quarter more. Null
    where there were none before.

        Attributes:
            last_7_days (float | None): Of 7 days up to yesterday.
            last_30_days (float | None): Of 30 days up to yesterday.
            last_90_days (float | None): Of 90 days up to yesterday.
    """

    last_7_days: float | None
    last_30_days: float | None
    last_90_days: float | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        last_7_days: float | None
        last_7_days = self.last_7_days

        last_30_days: float | None
        last_30_days = self.last_30_days

        last_90_days: float | None
        last_90_days = self.last_90_days

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "last_7_days": last_7_days,
                "last_30_days": last_30_days,
                "last_90_days": last_90_days,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_last_7_days(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        last_7_days = _parse_last_7_days(d.pop("last_7_days"))

        def _parse_last_30_days(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        last_30_days = _parse_last_30_days(d.pop("last_30_days"))

        def _parse_last_90_days(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        last_90_days = _parse_last_90_days(d.pop("last_90_days"))

        usage_trend = cls(
            last_7_days=last_7_days,
            last_30_days=last_30_days,
            last_90_days=last_90_days,
        )

        usage_trend.additional_properties = d
        return usage_trend

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
