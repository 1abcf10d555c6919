from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Control")


@_attrs_define
class Control:
    """A control file as PostgreSQL reads it.

    Attributes:
        default_version (str): What `CREATE EXTENSION` installs; empty where none is named.
        comment (str): The comment; empty where none is given.
        directory (str): Where its scripts lie; empty for the usual place.
        module_pathname (str): What MODULE_PATHNAME stands for; empty where none is given.
        schema (str): The schema it has to be in; empty for any.
        encoding (str): The encoding of its scripts; empty for the database's.
        requires (list[str]): The extensions that have to be there first.
        relocatable (bool): It can be moved to another schema.
        superuser (bool): Only a superuser may create it.
        trusted (bool): Others may too.
    """

    default_version: str
    comment: str
    directory: str
    module_pathname: str
    schema: str
    encoding: str
    requires: list[str]
    relocatable: bool
    superuser: bool
    trusted: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        default_version = self.default_version

        comment = self.comment

        directory = self.directory

        module_pathname = self.module_pathname

        schema = self.schema

        encoding = self.encoding

        requires = self.requires

        relocatable = self.relocatable

        superuser = self.superuser

        trusted = self.trusted

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "default_version": default_version,
                "comment": comment,
                "directory": directory,
                "module_pathname": module_pathname,
                "schema": schema,
                "encoding": encoding,
                "requires": requires,
                "relocatable": relocatable,
                "superuser": superuser,
                "trusted": trusted,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        default_version = d.pop("default_version")

        comment = d.pop("comment")

        directory = d.pop("directory")

        module_pathname = d.pop("module_pathname")

        schema = d.pop("schema")

        encoding = d.pop("encoding")

        requires = cast(list[str], d.pop("requires"))

        relocatable = d.pop("relocatable")

        superuser = d.pop("superuser")

        trusted = d.pop("trusted")

        control = cls(
            default_version=default_version,
            comment=comment,
            directory=directory,
            module_pathname=module_pathname,
            schema=schema,
            encoding=encoding,
            requires=requires,
            relocatable=relocatable,
            superuser=superuser,
            trusted=trusted,
        )

        control.additional_properties = d
        return control

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
