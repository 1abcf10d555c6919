from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.project_downloads_granularity import (
    ProjectDownloadsGranularity,
    check_project_downloads_granularity,
)

if TYPE_CHECKING:
    from ..models.usage_point import UsagePoint
    from ..models.usage_series import UsageSeries


T = TypeVar("T", bound="ProjectDownloads")


@_attrs_define
class ProjectDownloads:
    """The downloads of a project over time.

    Attributes:
        project (str): The project's name.
        from_ (datetime.date): The first day.
        to (datetime.date): The last day.
        granularity (ProjectDownloadsGranularity): How long a point is.
        by (None | str): What is told apart; null where that is nothing.
        downloads (int): The sum of all points.
        installers (int): The same of installers.
        robots (int): The same of robots and mirrors.
        points (list[UsagePoint]): Every period, in order.
        series (list[UsageSeries]): The value with the most downloads first; empty without `by`.
    """

    project: str
    from_: datetime.date
    to: datetime.date
    granularity: ProjectDownloadsGranularity
    by: None | str
    downloads: int
    installers: int
    robots: int
    points: list[UsagePoint]
    series: list[UsageSeries]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        project = self.project

        from_ = self.from_.isoformat()

        to = self.to.isoformat()

        granularity: str = self.granularity

        by: None | str
        by = self.by

        downloads = self.downloads

        installers = self.installers

        robots = self.robots

        points = []
        for points_item_data in self.points:
            points_item = points_item_data.to_dict()
            points.append(points_item)

        series = []
        for series_item_data in self.series:
            series_item = series_item_data.to_dict()
            series.append(series_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "project": project,
                "from": from_,
                "to": to,
                "granularity": granularity,
                "by": by,
                "downloads": downloads,
                "installers": installers,
                "robots": robots,
                "points": points,
                "series": series,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.usage_point import UsagePoint  # noqa: PLC0415
        from ..models.usage_series import UsageSeries  # noqa: PLC0415

        d = dict(src_dict)
        project = d.pop("project")

        from_ = datetime.date.fromisoformat(d.pop("from"))

        to = datetime.date.fromisoformat(d.pop("to"))

        granularity = check_project_downloads_granularity(d.pop("granularity"))

        def _parse_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        by = _parse_by(d.pop("by"))

        downloads = d.pop("downloads")

        installers = d.pop("installers")

        robots = d.pop("robots")

        points = []
        _points = d.pop("points")
        for points_item_data in _points:
            points_item = UsagePoint.from_dict(points_item_data)

            points.append(points_item)

        series = []
        _series = d.pop("series")
        for series_item_data in _series:
            series_item = UsageSeries.from_dict(series_item_data)

            series.append(series_item)

        project_downloads = cls(
            project=project,
            from_=from_,
            to=to,
            granularity=granularity,
            by=by,
            downloads=downloads,
            installers=installers,
            robots=robots,
            points=points,
            series=series,
        )

        project_downloads.additional_properties = d
        return project_downloads

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
