from typing import Any

import httpx

from ...models.new_webhook import NewWebhook
from ...types import Operation, segment


def _parse(response: httpx.Response) -> NewWebhook:
    if response.status_code == 200:
        response_200 = NewWebhook.from_dict(response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def rotate_webhook_secret(
    id: str,
) -> Operation[NewWebhook]:
    """Give a webhook another secret

    The answer holds the new one, this once. For 24 hours deliveries have two signatures, one with the secret before, so
    that the receiver can change over at any time of them. How often that is done is limited.

    Args:
        id (str): The id of a webhook.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="rotate_webhook_secret",
        method="post",
        path=f"/api/v1/webhooks/{segment(id)}/rotate",
        parse=_parse,
        **_kwargs,
    )
