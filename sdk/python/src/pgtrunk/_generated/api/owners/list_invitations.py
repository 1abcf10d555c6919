from typing import Any

import httpx

from ...models.invitations import Invitations
from ...types import UNSET, Operation, Unset, segment


def _parse(response: httpx.Response) -> Invitations:
    if response.status_code == 200:
        response_200 = Invitations.from_dict(response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def list_invitations(
    name: str,
    *,
    limit: int | Unset = 20,
    cursor: str | Unset = UNSET,
) -> Operation[Invitations]:
    """Who is asked to own a project

    For its owners. The newest first.

    Args:
        name (str): A project's name, in any case, with `-` or `_`. Legacy downloads take an extension's
            name too.
        limit (int | Unset): How many items to give at most. Default: 20.
        cursor (str | Unset): The `next_cursor` of the page before; good for the same query only.
    """

    params: dict[str, Any] = {}

    params["limit"] = limit

    params["cursor"] = cursor

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="list_invitations",
        method="get",
        path=f"/api/v1/trunk-projects/{segment(name)}/invitations",
        parse=_parse,
        params=params,
        **_kwargs,
    )
