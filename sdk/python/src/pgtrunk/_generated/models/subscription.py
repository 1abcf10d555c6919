from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.cadence import Cadence, check_cadence
from ..types import parse_datetime

T = TypeVar("T", bound="Subscription")


@_attrs_define
class Subscription:
    """Something that you follow. One of `project`, `category` and `user` is not null.

    Attributes:
        id (str): Its id.
        email (str): Where letters go.
        project (None | str): The project.
        category (None | str): The slug of the category.
        user (None | str): The name of the user all of whose projects are followed.
        pg_version (int | None): The PostgreSQL major that there have to be builds for; null for any.
        prereleases (bool): Pre-releases too.
        cadence (Cadence): At once, or in one letter a day.
        withdrawals (bool): Yanks, deprecations and deletions too.
        created_at (datetime.datetime): When it was first asked for.
    """

    id: str
    email: str
    project: None | str
    category: None | str
    user: None | str
    pg_version: int | None
    prereleases: bool
    cadence: Cadence
    withdrawals: bool
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        email = self.email

        project: None | str
        project = self.project

        category: None | str
        category = self.category

        user: None | str
        user = self.user

        pg_version: int | None
        pg_version = self.pg_version

        prereleases = self.prereleases

        cadence: str = self.cadence

        withdrawals = self.withdrawals

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "email": email,
                "project": project,
                "category": category,
                "user": user,
                "pg_version": pg_version,
                "prereleases": prereleases,
                "cadence": cadence,
                "withdrawals": withdrawals,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        email = d.pop("email")

        def _parse_project(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        project = _parse_project(d.pop("project"))

        def _parse_category(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        category = _parse_category(d.pop("category"))

        def _parse_user(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        user = _parse_user(d.pop("user"))

        def _parse_pg_version(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        pg_version = _parse_pg_version(d.pop("pg_version"))

        prereleases = d.pop("prereleases")

        cadence = check_cadence(d.pop("cadence"))

        withdrawals = d.pop("withdrawals")

        created_at = parse_datetime(d.pop("created_at"))

        subscription = cls(
            id=id,
            email=email,
            project=project,
            category=category,
            user=user,
            pg_version=pg_version,
            prereleases=prereleases,
            cadence=cadence,
            withdrawals=withdrawals,
            created_at=created_at,
        )

        subscription.additional_properties = d
        return subscription

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
