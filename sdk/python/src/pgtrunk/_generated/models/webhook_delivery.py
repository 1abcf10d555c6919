from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.webhook_delivery_state import (
    WebhookDeliveryState,
    check_webhook_delivery_state,
)
from ..types import parse_datetime

if TYPE_CHECKING:
    from ..models.webhook_attempt import WebhookAttempt


T = TypeVar("T", bound="WebhookDelivery")


@_attrs_define
class WebhookDelivery:
    """What a webhook was or is to be told.

    Attributes:
        id (str): Its id, which calls have as `webhook-id`.
        kind (str): The kind of the event, or `ping`.
        sequence (int | None): The number of the event; null for a ping.
        project (None | str): The project that the event is about.
        version (None | str): The version that the event is about.
        state (WebhookDeliveryState): `queued` is to be sent or tried again; `failed` is given up; `dropped` was not
            sent, since the webhook was switched off.
        created_at (datetime.datetime): When it was first to be sent.
        next_attempt_at (datetime.datetime | None): When it is tried next; null for never.
        attempts (list[WebhookAttempt]): The last fifty attempts, the first of them first.
        answer (None | str): The beginning of what was answered last, at most 1 KiB of it.
    """

    id: str
    kind: str
    sequence: int | None
    project: None | str
    version: None | str
    state: WebhookDeliveryState
    created_at: datetime.datetime
    next_attempt_at: datetime.datetime | None
    attempts: list[WebhookAttempt]
    answer: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        kind = self.kind

        sequence: int | None
        sequence = self.sequence

        project: None | str
        project = self.project

        version: None | str
        version = self.version

        state: str = self.state

        created_at = self.created_at.isoformat()

        next_attempt_at: None | str
        if isinstance(self.next_attempt_at, datetime.datetime):
            next_attempt_at = self.next_attempt_at.isoformat()
        else:
            next_attempt_at = self.next_attempt_at

        attempts = []
        for attempts_item_data in self.attempts:
            attempts_item = attempts_item_data.to_dict()
            attempts.append(attempts_item)

        answer: None | str
        answer = self.answer

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "kind": kind,
                "sequence": sequence,
                "project": project,
                "version": version,
                "state": state,
                "created_at": created_at,
                "next_attempt_at": next_attempt_at,
                "attempts": attempts,
                "answer": answer,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.webhook_attempt import WebhookAttempt  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        kind = d.pop("kind")

        def _parse_sequence(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        sequence = _parse_sequence(d.pop("sequence"))

        def _parse_project(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        project = _parse_project(d.pop("project"))

        def _parse_version(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        version = _parse_version(d.pop("version"))

        state = check_webhook_delivery_state(d.pop("state"))

        created_at = parse_datetime(d.pop("created_at"))

        def _parse_next_attempt_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                next_attempt_at_type_0 = parse_datetime(data)

                return next_attempt_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        next_attempt_at = _parse_next_attempt_at(d.pop("next_attempt_at"))

        attempts = []
        _attempts = d.pop("attempts")
        for attempts_item_data in _attempts:
            attempts_item = WebhookAttempt.from_dict(attempts_item_data)

            attempts.append(attempts_item)

        def _parse_answer(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        answer = _parse_answer(d.pop("answer"))

        webhook_delivery = cls(
            id=id,
            kind=kind,
            sequence=sequence,
            project=project,
            version=version,
            state=state,
            created_at=created_at,
            next_attempt_at=next_attempt_at,
            attempts=attempts,
            answer=answer,
        )

        webhook_delivery.additional_properties = d
        return webhook_delivery

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
