from typing import Any

import httpx

from ...types import Operation, segment


def _parse(response: httpx.Response) -> None:
    return None


def withdraw_invitation(
    name: str,
    user: str,
) -> Operation[None]:
    """Withdraw an invitation

    For the project's owners.

    Args:
        name (str): A project's name, in any case, with `-` or `_`. Legacy downloads take an extension's
            name too.
        user (str): The name of a user.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="withdraw_invitation",
        method="delete",
        path=f"/api/v1/trunk-projects/{segment(name)}/invitations/{segment(user)}",
        parse=_parse,
        **_kwargs,
    )
