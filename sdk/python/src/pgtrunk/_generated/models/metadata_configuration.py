from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="MetadataConfiguration")


@_attrs_define
class MetadataConfiguration:
    """A setting.

    Attributes:
        configuration_name (str): Its name.
        is_required (bool): The extension does not work without it.
        recommended_default_value (None | str | Unset): What to set it to.
    """

    configuration_name: str
    is_required: bool
    recommended_default_value: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        configuration_name = self.configuration_name

        is_required = self.is_required

        recommended_default_value: None | str | Unset
        if isinstance(self.recommended_default_value, Unset):
            recommended_default_value = UNSET
        else:
            recommended_default_value = self.recommended_default_value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "configuration_name": configuration_name,
                "is_required": is_required,
            }
        )
        if recommended_default_value is not UNSET:
            field_dict["recommended_default_value"] = recommended_default_value

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        configuration_name = d.pop("configuration_name")

        is_required = d.pop("is_required")

        def _parse_recommended_default_value(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        recommended_default_value = _parse_recommended_default_value(
            d.pop("recommended_default_value", UNSET)
        )

        metadata_configuration = cls(
            configuration_name=configuration_name,
            is_required=is_required,
            recommended_default_value=recommended_default_value,
        )

        metadata_configuration.additional_properties = d
        return metadata_configuration

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
