from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.cadence import Cadence, check_cadence
from ..types import UNSET, Unset

T = TypeVar("T", bound="SubscriptionChange")


@_attrs_define
class SubscriptionChange:
    """What is to change of a subscription.

    Attributes:
        pg_version (int | None | Unset): Only versions that have builds for this PostgreSQL major; null for any.
        prereleases (bool | Unset): Pre-releases too.
        cadence (Cadence | Unset): At once, or in one letter a day.
        withdrawals (bool | Unset): Yanks, deprecations and deletions too.
    """

    pg_version: int | None | Unset = UNSET
    prereleases: bool | Unset = UNSET
    cadence: Cadence | Unset = UNSET
    withdrawals: bool | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        pg_version: int | None | Unset
        if isinstance(self.pg_version, Unset):
            pg_version = UNSET
        else:
            pg_version = self.pg_version

        prereleases = self.prereleases

        cadence: str | Unset = UNSET
        if not isinstance(self.cadence, Unset):
            cadence = self.cadence

        withdrawals = self.withdrawals

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if pg_version is not UNSET:
            field_dict["pg_version"] = pg_version
        if prereleases is not UNSET:
            field_dict["prereleases"] = prereleases
        if cadence is not UNSET:
            field_dict["cadence"] = cadence
        if withdrawals is not UNSET:
            field_dict["withdrawals"] = withdrawals

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_pg_version(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        pg_version = _parse_pg_version(d.pop("pg_version", UNSET))

        prereleases = d.pop("prereleases", UNSET)

        _cadence = d.pop("cadence", UNSET)
        cadence: Cadence | Unset
        if isinstance(_cadence, Unset):
            cadence = UNSET
        else:
            cadence = check_cadence(_cadence)

        withdrawals = d.pop("withdrawals", UNSET)

        subscription_change = cls(
            pg_version=pg_version,
            prereleases=prereleases,
            cadence=cadence,
            withdrawals=withdrawals,
        )

        return subscription_change
