from typing import Any

import httpx

from ...models.webhook_deliveries import WebhookDeliveries
from ...types import UNSET, Operation, Unset, segment


def _parse(response: httpx.Response) -> WebhookDeliveries:
    if response.status_code == 200:
        response_200 = WebhookDeliveries.from_dict(response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def list_webhook_deliveries(
    id: str,
    *,
    limit: int | Unset = 20,
    cursor: str | Unset = UNSET,
) -> Operation[WebhookDeliveries]:
    """What a webhook was told

    The log of the last thirty days, the newest first: what was or is to be delivered, and what came of each attempt.

    Args:
        id (str): The id of a webhook.
        limit (int | Unset): How many items to give at most. Default: 20.
        cursor (str | Unset): The `next_cursor` of the page before; good for the same query only.
    """

    params: dict[str, Any] = {}

    params["limit"] = limit

    params["cursor"] = cursor

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="list_webhook_deliveries",
        method="get",
        path=f"/api/v1/webhooks/{segment(id)}/deliveries",
        parse=_parse,
        params=params,
        **_kwargs,
    )
