from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="InvitationRequest")


@_attrs_define
class InvitationRequest:
    """Who is asked to own a project.

    Attributes:
        user (str): The name of a user who has signed in here before.
        transfer (bool | Unset): Stop owning the project when they accept. Default: False.
    """

    user: str
    transfer: bool | Unset = False

    def to_dict(self) -> dict[str, Any]:
        user = self.user

        transfer = self.transfer

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "user": user,
            }
        )
        if transfer is not UNSET:
            field_dict["transfer"] = transfer

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        user = d.pop("user")

        transfer = d.pop("transfer", UNSET)

        invitation_request = cls(
            user=user,
            transfer=transfer,
        )

        return invitation_request
