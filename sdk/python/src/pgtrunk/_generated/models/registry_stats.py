from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.registry_part import RegistryPart
    from ..models.usage_point import UsagePoint
    from ..models.usage_windows import UsageWindows
    from ..models.waiting_projects import WaitingProjects


T = TypeVar("T", bound="RegistryStats")


@_attrs_define
class RegistryStats:
    """How much there is, and how much of it is used.

    Attributes:
        projects (int): Projects with a version that can be installed.
        versions (int): Versions of them.
        builds (int): Archives of those.
        publishers (int): Users who have published them.
        downloads (UsageWindows): Sums over all time, and over the last days up to today.
        installers (UsageWindows): Sums over all time, and over the last days up to today.
        robots (UsageWindows): Sums over all time, and over the last days up to today.
        by_pg_version (list[RegistryPart]): Each PostgreSQL major, the newest first.
        by_platform (list[RegistryPart]): Each platform.
        weeks (list[UsagePoint]): The last 13 weeks, the current one at the end.
        waiting (None | WaitingProjects): Null while there is nothing at all.
    """

    projects: int
    versions: int
    builds: int
    publishers: int
    downloads: UsageWindows
    installers: UsageWindows
    robots: UsageWindows
    by_pg_version: list[RegistryPart]
    by_platform: list[RegistryPart]
    weeks: list[UsagePoint]
    waiting: None | WaitingProjects
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.waiting_projects import WaitingProjects  # noqa: PLC0415

        projects = self.projects

        versions = self.versions

        builds = self.builds

        publishers = self.publishers

        downloads = self.downloads.to_dict()

        installers = self.installers.to_dict()

        robots = self.robots.to_dict()

        by_pg_version = []
        for by_pg_version_item_data in self.by_pg_version:
            by_pg_version_item = by_pg_version_item_data.to_dict()
            by_pg_version.append(by_pg_version_item)

        by_platform = []
        for by_platform_item_data in self.by_platform:
            by_platform_item = by_platform_item_data.to_dict()
            by_platform.append(by_platform_item)

        weeks = []
        for weeks_item_data in self.weeks:
            weeks_item = weeks_item_data.to_dict()
            weeks.append(weeks_item)

        waiting: dict[str, Any] | None
        if isinstance(self.waiting, WaitingProjects):
            waiting = self.waiting.to_dict()
        else:
            waiting = self.waiting

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "projects": projects,
                "versions": versions,
                "builds": builds,
                "publishers": publishers,
                "downloads": downloads,
                "installers": installers,
                "robots": robots,
                "by_pg_version": by_pg_version,
                "by_platform": by_platform,
                "weeks": weeks,
                "waiting": waiting,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.registry_part import RegistryPart  # noqa: PLC0415
        from ..models.usage_point import UsagePoint  # noqa: PLC0415
        from ..models.usage_windows import UsageWindows  # noqa: PLC0415
        from ..models.waiting_projects import WaitingProjects  # noqa: PLC0415

        d = dict(src_dict)
        projects = d.pop("projects")

        versions = d.pop("versions")

        builds = d.pop("builds")

        publishers = d.pop("publishers")

        downloads = UsageWindows.from_dict(d.pop("downloads"))

        installers = UsageWindows.from_dict(d.pop("installers"))

        robots = UsageWindows.from_dict(d.pop("robots"))

        by_pg_version = []
        _by_pg_version = d.pop("by_pg_version")
        for by_pg_version_item_data in _by_pg_version:
            by_pg_version_item = RegistryPart.from_dict(by_pg_version_item_data)

            by_pg_version.append(by_pg_version_item)

        by_platform = []
        _by_platform = d.pop("by_platform")
        for by_platform_item_data in _by_platform:
            by_platform_item = RegistryPart.from_dict(by_platform_item_data)

            by_platform.append(by_platform_item)

        weeks = []
        _weeks = d.pop("weeks")
        for weeks_item_data in _weeks:
            weeks_item = UsagePoint.from_dict(weeks_item_data)

            weeks.append(weeks_item)

        def _parse_waiting(data: object) -> None | WaitingProjects:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                waiting_type_0 = WaitingProjects.from_dict(data)

                return waiting_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | WaitingProjects, data)

        waiting = _parse_waiting(d.pop("waiting"))

        registry_stats = cls(
            projects=projects,
            versions=versions,
            builds=builds,
            publishers=publishers,
            downloads=downloads,
            installers=installers,
            robots=robots,
            by_pg_version=by_pg_version,
            by_platform=by_platform,
            weeks=weeks,
            waiting=waiting,
        )

        registry_stats.additional_properties = d
        return registry_stats

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
