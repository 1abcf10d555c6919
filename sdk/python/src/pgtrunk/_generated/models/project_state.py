from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.deprecation import Deprecation


T = TypeVar("T", bound="ProjectState")


@_attrs_define
class ProjectState:
    """Whether a project is deprecated.

    Attributes:
        name (str): The project's name.
        deprecated (Deprecation | None): The deprecation; null when there is none.
    """

    name: str
    deprecated: Deprecation | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.deprecation import Deprecation  # noqa: PLC0415

        name = self.name

        deprecated: dict[str, Any] | None
        if isinstance(self.deprecated, Deprecation):
            deprecated = self.deprecated.to_dict()
        else:
            deprecated = self.deprecated

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "deprecated": deprecated,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.deprecation import Deprecation  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name")

        def _parse_deprecated(data: object) -> Deprecation | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                deprecated_type_0 = Deprecation.from_dict(data)

                return deprecated_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Deprecation | None, data)

        deprecated = _parse_deprecated(d.pop("deprecated"))

        project_state = cls(
            name=name,
            deprecated=deprecated,
        )

        project_state.additional_properties = d
        return project_state

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
