from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.health_word import HealthWord, check_health_word

if TYPE_CHECKING:
    from ..models.health_fact import HealthFact


T = TypeVar("T", bound="ProjectHealth")


@_attrs_define
class ProjectHealth:
    """How a project is kept.

    Attributes:
        name (str): The project's name.
        word (HealthWord): How the project is kept, in a word that `/api/v1/trunk-projects/{name}/health` explains.
        why (str): The sentence that says why it is this word.
        as_of (datetime.date): The day that all of this is told of, in UTC.
        facts (list[HealthFact]): What is known, always in the same order and each of the names once.
        rule (str): The page that explains the words and says how to change them.
    """

    name: str
    word: HealthWord
    why: str
    as_of: datetime.date
    facts: list[HealthFact]
    rule: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        word: str = self.word

        why = self.why

        as_of = self.as_of.isoformat()

        facts = []
        for facts_item_data in self.facts:
            facts_item = facts_item_data.to_dict()
            facts.append(facts_item)

        rule = self.rule

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "word": word,
                "why": why,
                "as_of": as_of,
                "facts": facts,
                "rule": rule,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.health_fact import HealthFact  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name")

        word = check_health_word(d.pop("word"))

        why = d.pop("why")

        as_of = datetime.date.fromisoformat(d.pop("as_of"))

        facts = []
        _facts = d.pop("facts")
        for facts_item_data in _facts:
            facts_item = HealthFact.from_dict(facts_item_data)

            facts.append(facts_item)

        rule = d.pop("rule")

        project_health = cls(
            name=name,
            word=word,
            why=why,
            as_of=as_of,
            facts=facts,
            rule=rule,
        )

        project_health.additional_properties = d
        return project_health

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
