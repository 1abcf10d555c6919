from typing import Any

import httpx

from ...types import Operation, segment


def _parse(response: httpx.Response) -> None:
    return None


def remove_owner(
    name: str,
    user: str,
) -> Operation[None]:
    """Take a project from an owner

    Owners may remove each other and themselves; the last one stays.

    Args:
        name (str): A project's name, in any case, with `-` or `_`. Legacy downloads take an extension's
            name too.
        user (str): The name of a user.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="remove_owner",
        method="delete",
        path=f"/api/v1/trunk-projects/{segment(name)}/owners/{segment(user)}",
        parse=_parse,
        **_kwargs,
    )
