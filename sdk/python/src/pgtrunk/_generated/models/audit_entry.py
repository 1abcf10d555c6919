from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import parse_datetime

if TYPE_CHECKING:
    from ..models.audit_entry_detail import AuditEntryDetail


T = TypeVar("T", bound="AuditEntry")


@_attrs_define
class AuditEntry:
    """Something that somebody did.

    Attributes:
        id (str): The entry's id; later entries have higher ones.
        at (datetime.datetime): When.
        user (None | str): Who; null for those who run the registry.
        action (str): What they did.
        project (None | str): The project it was done to.
        from_ (None | str): The address it came from; only for administrators and for what you did yourself.
        request_id (str): The request's id.
        detail (AuditEntryDetail): What else there is to say; its keys depend on the action.
    """

    id: str
    at: datetime.datetime
    user: None | str
    action: str
    project: None | str
    from_: None | str
    request_id: str
    detail: AuditEntryDetail
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        at = self.at.isoformat()

        user: None | str
        user = self.user

        action = self.action

        project: None | str
        project = self.project

        from_: None | str
        from_ = self.from_

        request_id = self.request_id

        detail = self.detail.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "at": at,
                "user": user,
                "action": action,
                "project": project,
                "from": from_,
                "request_id": request_id,
                "detail": detail,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.audit_entry_detail import AuditEntryDetail  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        at = parse_datetime(d.pop("at"))

        def _parse_user(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        user = _parse_user(d.pop("user"))

        action = d.pop("action")

        def _parse_project(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        project = _parse_project(d.pop("project"))

        def _parse_from_(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        from_ = _parse_from_(d.pop("from"))

        request_id = d.pop("request_id")

        detail = AuditEntryDetail.from_dict(d.pop("detail"))

        audit_entry = cls(
            id=id,
            at=at,
            user=user,
            action=action,
            project=project,
            from_=from_,
            request_id=request_id,
            detail=detail,
        )

        audit_entry.additional_properties = d
        return audit_entry

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
