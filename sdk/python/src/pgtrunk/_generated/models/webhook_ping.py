from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.webhook_ping_kind import WebhookPingKind, check_webhook_ping_kind
from ..types import parse_datetime

T = TypeVar("T", bound="WebhookPing")


@_attrs_define
class WebhookPing:
    """What a webhook is told when somebody tests it.

    Attributes:
        kind (WebhookPingKind): Always `ping`.
        webhook (str): The id of the webhook.
        at (datetime.datetime): When it was asked for.
    """

    kind: WebhookPingKind
    webhook: str
    at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        kind: str = self.kind

        webhook = self.webhook

        at = self.at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "kind": kind,
                "webhook": webhook,
                "at": at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = check_webhook_ping_kind(d.pop("kind"))

        webhook = d.pop("webhook")

        at = parse_datetime(d.pop("at"))

        webhook_ping = cls(
            kind=kind,
            webhook=webhook,
            at=at,
        )

        webhook_ping.additional_properties = d
        return webhook_ping

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
