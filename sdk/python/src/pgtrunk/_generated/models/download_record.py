from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.platform import Platform, check_platform

T = TypeVar("T", bound="DownloadRecord")


@_attrs_define
class DownloadRecord:
    """An archive.

    Attributes:
        link (str): Where it lies: https, on a host that is allowed.
        pg_version (int): The PostgreSQL major it was compiled for.
        platform (Platform): An operating system and an architecture.
        sha256 (str): The SHA-256 of its bytes.
    """

    link: str
    pg_version: int
    platform: Platform
    sha256: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        link = self.link

        pg_version = self.pg_version

        platform: str = self.platform

        sha256 = self.sha256

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "link": link,
                "pg_version": pg_version,
                "platform": platform,
                "sha256": sha256,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        link = d.pop("link")

        pg_version = d.pop("pg_version")

        platform = check_platform(d.pop("platform"))

        sha256 = d.pop("sha256")

        download_record = cls(
            link=link,
            pg_version=pg_version,
            platform=platform,
            sha256=sha256,
        )

        download_record.additional_properties = d
        return download_record

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
