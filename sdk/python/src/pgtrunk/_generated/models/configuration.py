from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Configuration")


@_attrs_define
class Configuration:
    """A setting of postgresql.conf.

    Attributes:
        configuration_name (str): The setting's name.
        is_required (bool): The extension does not work without it.
        recommended_default_value (None | str): What to set it to where one knows no better.
    """

    configuration_name: str
    is_required: bool
    recommended_default_value: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        configuration_name = self.configuration_name

        is_required = self.is_required

        recommended_default_value: None | str
        recommended_default_value = self.recommended_default_value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "configuration_name": configuration_name,
                "is_required": is_required,
                "recommended_default_value": recommended_default_value,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        configuration_name = d.pop("configuration_name")

        is_required = d.pop("is_required")

        def _parse_recommended_default_value(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        recommended_default_value = _parse_recommended_default_value(
            d.pop("recommended_default_value")
        )

        configuration = cls(
            configuration_name=configuration_name,
            is_required=is_required,
            recommended_default_value=recommended_default_value,
        )

        configuration.additional_properties = d
        return configuration

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
