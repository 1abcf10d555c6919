from typing import Any

import httpx

from ...models.webhooks import Webhooks
from ...types import UNSET, Operation, Unset


def _parse(response: httpx.Response) -> Webhooks:
    if response.status_code == 200:
        response_200 = Webhooks.from_dict(response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def list_webhooks(
    *,
    limit: int | Unset = 20,
    cursor: str | Unset = UNSET,
) -> Operation[Webhooks]:
    """Your webhooks

    The newest first, without their secrets, those that are switched off too.

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
        name="list_webhooks",
        method="get",
        path="/api/v1/webhooks",
        parse=_parse,
        params=params,
        **_kwargs,
    )
