from typing import Any

import httpx

from ...models.webhook_delivery import WebhookDelivery
from ...types import Operation, segment


def _parse(response: httpx.Response) -> WebhookDelivery:
    if response.status_code == 202:
        response_202 = WebhookDelivery.from_dict(response.json())

        return response_202

    raise ValueError(f"the contract has no answer {response.status_code} here")


def test_webhook(
    id: str,
) -> Operation[WebhookDelivery]:
    """Call a webhook with a ping

    Once, and soon; the log tells what came of it. How often that is done is limited.

    Args:
        id (str): The id of a webhook.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="test_webhook",
        method="post",
        path=f"/api/v1/webhooks/{segment(id)}/test",
        parse=_parse,
        **_kwargs,
    )
