from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.usage_trend import UsageTrend
    from ..models.usage_windows import UsageWindows


T = TypeVar("T", bound="ProjectStats")


@_attrs_define
class ProjectStats:
    """How much a project is used.

    Attributes:
        project (str): The project's name.
        downloads (UsageWindows): Sums over all time, and over the last days up to today.
        installers (UsageWindows): Sums over all time, and over the last days up to today.
        robots (UsageWindows): Sums over all time, and over the last days up to today.
        trend (UsageTrend): By which share the downloads of whole days are more than those of as many days before: 0.25
            is a quarter more. Null
            where there were none before.
        rank (int | None): The place among all projects by the downloads of 30 days; null without any.
    """

    project: str
    downloads: UsageWindows
    installers: UsageWindows
    robots: UsageWindows
    trend: UsageTrend
    rank: int | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        project = self.project

        downloads = self.downloads.to_dict()

        installers = self.installers.to_dict()

        robots = self.robots.to_dict()

        trend = self.trend.to_dict()

        rank: int | None
        rank = self.rank

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "project": project,
                "downloads": downloads,
                "installers": installers,
                "robots": robots,
                "trend": trend,
                "rank": rank,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.usage_trend import UsageTrend  # noqa: PLC0415
        from ..models.usage_windows import UsageWindows  # noqa: PLC0415

        d = dict(src_dict)
        project = d.pop("project")

        downloads = UsageWindows.from_dict(d.pop("downloads"))

        installers = UsageWindows.from_dict(d.pop("installers"))

        robots = UsageWindows.from_dict(d.pop("robots"))

        trend = UsageTrend.from_dict(d.pop("trend"))

        def _parse_rank(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        rank = _parse_rank(d.pop("rank"))

        project_stats = cls(
            project=project,
            downloads=downloads,
            installers=installers,
            robots=robots,
            trend=trend,
            rank=rank,
        )

        project_stats.additional_properties = d
        return project_stats

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
