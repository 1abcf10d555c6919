from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.health_database import HealthDatabase, check_health_database
from ..models.health_object_store import HealthObjectStore, check_health_object_store
from ..models.health_status import HealthStatus, check_health_status

T = TypeVar("T", bound="Health")


@_attrs_define
class Health:
    """How the process is.

    Attributes:
        status (HealthStatus): Always `ok`.
        database (HealthDatabase): PostgreSQL; `unknown` where it was not asked.
        object_store (HealthObjectStore): The object store; `unknown` where it was not asked.
    """

    status: HealthStatus
    database: HealthDatabase
    object_store: HealthObjectStore
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        status: str = self.status

        database: str = self.database

        object_store: str = self.object_store

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "status": status,
                "database": database,
                "object_store": object_store,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        status = check_health_status(d.pop("status"))

        database = check_health_database(d.pop("database"))

        object_store = check_health_object_store(d.pop("object_store"))

        health = cls(
            status=status,
            database=database,
            object_store=object_store,
        )

        health.additional_properties = d
        return health

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
