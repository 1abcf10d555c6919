from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.health_fact_fact import HealthFactFact, check_health_fact_fact
from ..types import parse_datetime

T = TypeVar("T", bound="HealthFact")


@_attrs_define
class HealthFact:
    """Something about a project that can be checked.

    Attributes:
        fact (HealthFactFact): What it is about. `last_release` is a version; `releases_last_12_months`,
            `supported_postgres` (of the majors
            that are supported now), `platforms` and `owners` are counts; `releases_a_year` is the rate since the first
            release, null for less than a year; `newest_postgres` is a major; `postgres_delay_days` are the days from the
            release of that major, or from the project's first one where that was later, to the first build for it;
            `yanked_share` is between 0 and 1; `deprecated` and `readme` are true or false; `license` is text.
        value (bool | float | None | str): The value; null where there is none, which the sentence explains.
        at (datetime.datetime | None): When what it tells of happened; null where it is about no moment.
        sentence (str): The same in words.
    """

    fact: HealthFactFact
    value: bool | float | None | str
    at: datetime.datetime | None
    sentence: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        fact: str = self.fact

        value: bool | float | None | str
        value = self.value

        at: None | str
        if isinstance(self.at, datetime.datetime):
            at = self.at.isoformat()
        else:
            at = self.at

        sentence = self.sentence

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "fact": fact,
                "value": value,
                "at": at,
                "sentence": sentence,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        fact = check_health_fact_fact(d.pop("fact"))

        def _parse_value(data: object) -> bool | float | None | str:
            if data is None:
                return data
            return cast(bool | float | None | str, data)

        value = _parse_value(d.pop("value"))

        def _parse_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                at_type_0 = parse_datetime(data)

                return at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        at = _parse_at(d.pop("at"))

        sentence = d.pop("sentence")

        health_fact = cls(
            fact=fact,
            value=value,
            at=at,
            sentence=sentence,
        )

        health_fact.additional_properties = d
        return health_fact

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
