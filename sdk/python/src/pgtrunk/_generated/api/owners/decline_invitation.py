from typing import Any

import httpx

from ...types import Operation, segment


def _parse(response: httpx.Response) -> None:
    return None


def decline_invitation(
    name: str,
) -> Operation[None]:
    """Decline to own a project

    The invitation is gone; another one can be made.

    Args:
        name (str): A project's name, in any case, with `-` or `_`. Legacy downloads take an extension's
            name too.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="decline_invitation",
        method="post",
        path=f"/api/v1/me/invitations/{segment(name)}/decline",
        parse=_parse,
        **_kwargs,
    )
