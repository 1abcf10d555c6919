from typing import Any

import httpx

from ...models.webhook import Webhook
from ...types import Operation, segment


def _parse(response: httpx.Response) -> Webhook:
    if response.status_code == 200:
        response_200 = Webhook.from_dict(response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def enable_webhook(
    id: str,
) -> Operation[Webhook]:
    """Switch a webhook on again

    A webhook is switched off when it answers 410, and when every delivery has failed for five days. What happened
    meanwhile is not delivered any more; `GET /api/v1/events` has it.

    Args:
        id (str): The id of a webhook.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="enable_webhook",
        method="post",
        path=f"/api/v1/webhooks/{segment(id)}/enable",
        parse=_parse,
        **_kwargs,
    )
