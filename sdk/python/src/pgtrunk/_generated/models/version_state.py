from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.yank import Yank


T = TypeVar("T", bound="VersionState")


@_attrs_define
class VersionState:
    """Whether a version is withdrawn.

    Attributes:
        name (str): The project's name.
        version (str): The version.
        yanked (None | Yank): The withdrawal; null when the version is not withdrawn.
    """

    name: str
    version: str
    yanked: None | Yank
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.yank import Yank  # noqa: PLC0415

        name = self.name

        version = self.version

        yanked: dict[str, Any] | None
        if isinstance(self.yanked, Yank):
            yanked = self.yanked.to_dict()
        else:
            yanked = self.yanked

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "version": version,
                "yanked": yanked,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.yank import Yank  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name")

        version = d.pop("version")

        def _parse_yanked(data: object) -> None | Yank:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_yank_type_0 = Yank.from_dict(data)

                return componentsschemas_yank_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Yank, data)

        yanked = _parse_yanked(d.pop("yanked"))

        version_state = cls(
            name=name,
            version=version,
            yanked=yanked,
        )

        version_state.additional_properties = d
        return version_state

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
