from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.event_kind import EventKind, check_event_kind
from ..types import UNSET, Unset

T = TypeVar("T", bound="WebhookRequest")


@_attrs_define
class WebhookRequest:
    """What is called, and of what it is told: one of `project`, `category` and `user`.

    Attributes:
        url (str): The address to call, one of https.
        kinds (list[EventKind] | Unset): The kinds of events to tell of; of all without it.
        project (str | Unset): A project.
        category (str | Unset): The slug of a category.
        user (str | Unset): The name of a user.
    """

    url: str
    kinds: list[EventKind] | Unset = UNSET
    project: str | Unset = UNSET
    category: str | Unset = UNSET
    user: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        url = self.url

        kinds: list[str] | Unset = UNSET
        if not isinstance(self.kinds, Unset):
            kinds = []
            for kinds_item_data in self.kinds:
                kinds_item: str = kinds_item_data
                kinds.append(kinds_item)

        project = self.project

        category = self.category

        user = self.user

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "url": url,
            }
        )
        if kinds is not UNSET:
            field_dict["kinds"] = kinds
        if project is not UNSET:
            field_dict["project"] = project
        if category is not UNSET:
            field_dict["category"] = category
        if user is not UNSET:
            field_dict["user"] = user

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        url = d.pop("url")

        _kinds = d.pop("kinds", UNSET)
        kinds: list[EventKind] | Unset = UNSET
        if _kinds is not UNSET:
            kinds = []
            for kinds_item_data in _kinds:
                kinds_item = check_event_kind(kinds_item_data)

                kinds.append(kinds_item)

        project = d.pop("project", UNSET)

        category = d.pop("category", UNSET)

        user = d.pop("user", UNSET)

        webhook_request = cls(
            url=url,
            kinds=kinds,
            project=project,
            category=category,
            user=user,
        )

        return webhook_request
