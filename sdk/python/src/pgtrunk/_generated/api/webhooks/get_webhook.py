from typing import Any

import httpx

from ...models.webhook import Webhook
from ...types import Operation, segment


def _parse(response: httpx.Response) -> Webhook:
    if response.status_code == 200:
        response_200 = Webhook.from_dict(response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def get_webhook(
    id: str,
) -> Operation[Webhook]:
    """A webhook of yours

    Without its secret.

    Args:
        id (str): The id of a webhook.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="get_webhook",
        method="get",
        path=f"/api/v1/webhooks/{segment(id)}",
        parse=_parse,
        **_kwargs,
    )
