from typing import Any

import httpx

from ...models.subscriptions import Subscriptions
from ...types import UNSET, Operation, Unset


def _parse(response: httpx.Response) -> Subscriptions:
    if response.status_code == 200:
        response_200 = Subscriptions.from_dict(response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def list_my_subscriptions(
    *,
    limit: int | Unset = 20,
    cursor: str | Unset = UNSET,
) -> Operation[Subscriptions]:
    """What you follow

    Everything that the address follows which the provider of your sign-in has verified, the newest first; nothing
    where there is no such address.

    Args:
        limit (int | Unset): How many items to give at most. Default: 20.
        cursor (str | Unset): The `next_cursor` of the page before; good for the same query only.
    """

    params: dict[str, Any] = {}

    params["limit"] = limit

    params["cursor"] = cursor

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="list_my_subscriptions",
        method="get",
        path="/api/v1/me/subscriptions",
        parse=_parse,
        params=params,
        **_kwargs,
    )
