from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="UsagePoint")


@_attrs_define
class UsagePoint:
    """What was counted in a period.

    Attributes:
        from_ (datetime.date): Its first day.
        to (datetime.date): Its last day.
        downloads (int): Downloads.
        installers (int): The sum of each day's different clients.
        robots (int): Downloads of robots and mirrors.
    """

    from_: datetime.date
    to: datetime.date
    downloads: int
    installers: int
    robots: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from_ = self.from_.isoformat()

        to = self.to.isoformat()

        downloads = self.downloads

        installers = self.installers

        robots = self.robots

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "from": from_,
                "to": to,
                "downloads": downloads,
                "installers": installers,
                "robots": robots,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        from_ = datetime.date.fromisoformat(d.pop("from"))

        to = datetime.date.fromisoformat(d.pop("to"))

        downloads = d.pop("downloads")

        installers = d.pop("installers")

        robots = d.pop("robots")

        usage_point = cls(
            from_=from_,
            to=to,
            downloads=downloads,
            installers=installers,
            robots=robots,
        )

        usage_point.additional_properties = d
        return usage_point

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
