from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="UsageWindows")


@_attrs_define
class UsageWindows:
    """Sums over all time, and over the last days up to today.

    Attributes:
        total (int): Since counting began.
        last_7_days (int): Today and the 6 days before.
        last_30_days (int): Today and the 29 days before.
        last_90_days (int): Today and the 89 days before.
    """

    total: int
    last_7_days: int
    last_30_days: int
    last_90_days: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        total = self.total

        last_7_days = self.last_7_days

        last_30_days = self.last_30_days

        last_90_days = self.last_90_days

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "total": total,
                "last_7_days": last_7_days,
                "last_30_days": last_30_days,
                "last_90_days": last_90_days,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        total = d.pop("total")

        last_7_days = d.pop("last_7_days")

        last_30_days = d.pop("last_30_days")

        last_90_days = d.pop("last_90_days")

        usage_windows = cls(
            total=total,
            last_7_days=last_7_days,
            last_30_days=last_30_days,
            last_90_days=last_90_days,
        )

        usage_windows.additional_properties = d
        return usage_windows

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
