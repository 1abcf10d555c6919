from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import parse_datetime

T = TypeVar("T", bound="Invitation")


@_attrs_define
class Invitation:
    """Somebody is asked to own a project.

    Attributes:
        project (str): The project's name.
        user (str): Who is asked.
        invited_by (str): Who asks.
        transfer (bool): Who asks stops owning the project when they accept.
        created_at (datetime.datetime): Since when they are asked.
    """

    project: str
    user: str
    invited_by: str
    transfer: bool
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        project = self.project

        user = self.user

        invited_by = self.invited_by

        transfer = self.transfer

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "project": project,
                "user": user,
                "invited_by": invited_by,
                "transfer": transfer,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        project = d.pop("project")

        user = d.pop("user")

        invited_by = d.pop("invited_by")

        transfer = d.pop("transfer")

        created_at = parse_datetime(d.pop("created_at"))

        invitation = cls(
            project=project,
            user=user,
            invited_by=invited_by,
            transfer=transfer,
            created_at=created_at,
        )

        invitation.additional_properties = d
        return invitation

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
