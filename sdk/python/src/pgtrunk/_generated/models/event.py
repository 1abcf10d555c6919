from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.event_kind import EventKind, check_event_kind
from ..types import parse_datetime

T = TypeVar("T", bound="Event")


@_attrs_define
class Event:
    """Something that happened to a project. What does not belong to its kind is null.

    Attributes:
        sequence (int): Its number; each event's is one more than that of the event before.
        kind (EventKind): What happened: a build was `published`; a version was `yanked`, `unyanked` or `deleted`; a
            project was `deprecated`
            or `undeprecated`; an owner was added to it (`owner_added`), as whoever publishes it first is, or removed
            (`owner_removed`). A yank or a deprecation whose reason changes is another event. More kinds may come.
        at (datetime.datetime): When it was asked for. Of two at once, the one with the higher number may have the
            earlier time.
        project (str): The project's name.
        version (None | str): The version that was published, yanked, unyanked or deleted.
        pg_version (int | None): The PostgreSQL major that the published build is for.
        platform (None | str): Its platform.
        sha256 (None | str): The SHA-256 of its bytes.
        new_project (bool | None): Whether it is the first build of its project.
        reason (None | str): Why the version was yanked.
        replacement (None | str): The version to install instead of the yanked one.
        message (None | str): Why the project should not be used any more, and what to use instead.
        user (None | str): The owner who came or went.
        address (str): The page of the version or of the project.
    """

    sequence: int
    kind: EventKind
    at: datetime.datetime
    project: str
    version: None | str
    pg_version: int | None
    platform: None | str
    sha256: None | str
    new_project: bool | None
    reason: None | str
    replacement: None | str
    message: None | str
    user: None | str
    address: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        sequence = self.sequence

        kind: str = self.kind

        at = self.at.isoformat()

        project = self.project

        version: None | str
        version = self.version

        pg_version: int | None
        pg_version = self.pg_version

        platform: None | str
        platform = self.platform

        sha256: None | str
        sha256 = self.sha256

        new_project: bool | None
        new_project = self.new_project

        reason: None | str
        reason = self.reason

        replacement: None | str
        replacement = self.replacement

        message: None | str
        message = self.message

        user: None | str
        user = self.user

        address = self.address

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "sequence": sequence,
                "kind": kind,
                "at": at,
                "project": project,
                "version": version,
                "pg_version": pg_version,
                "platform": platform,
                "sha256": sha256,
                "new_project": new_project,
                "reason": reason,
                "replacement": replacement,
                "message": message,
                "user": user,
                "address": address,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        sequence = d.pop("sequence")

        kind = check_event_kind(d.pop("kind"))

        at = parse_datetime(d.pop("at"))

        project = d.pop("project")

        def _parse_version(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        version = _parse_version(d.pop("version"))

        def _parse_pg_version(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        pg_version = _parse_pg_version(d.pop("pg_version"))

        def _parse_platform(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        platform = _parse_platform(d.pop("platform"))

        def _parse_sha256(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        sha256 = _parse_sha256(d.pop("sha256"))

        def _parse_new_project(data: object) -> bool | None:
            if data is None:
                return data
            return cast(bool | None, data)

        new_project = _parse_new_project(d.pop("new_project"))

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        def _parse_replacement(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        replacement = _parse_replacement(d.pop("replacement"))

        def _parse_message(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        message = _parse_message(d.pop("message"))

        def _parse_user(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        user = _parse_user(d.pop("user"))

        address = d.pop("address")

        event = cls(
            sequence=sequence,
            kind=kind,
            at=at,
            project=project,
            version=version,
            pg_version=pg_version,
            platform=platform,
            sha256=sha256,
            new_project=new_project,
            reason=reason,
            replacement=replacement,
            message=message,
            user=user,
            address=address,
        )

        event.additional_properties = d
        return event

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
