from typing import Any

import httpx

from ...models.webhook_delivery import WebhookDelivery
from ...types import Operation, segment


def _parse(response: httpx.Response) -> WebhookDelivery:
    if response.status_code == 202:
        response_202 = WebhookDelivery.from_dict(response.json())

        return response_202

    raise ValueError(f"the contract has no answer {response.status_code} here")


def redeliver_webhook(
    id: str,
    delivery: str,
) -> Operation[WebhookDelivery]:
    """Send a delivery again

    Soon, whatever came of it, and with the same `webhook-id`; then it is tried again for 48 hours as a new one. How often that is done is limited.

    Args:
        id (str): The id of a webhook.
        delivery (str): The id of a delivery.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="redeliver_webhook",
        method="post",
        path=f"/api/v1/webhooks/{segment(id)}/deliveries/{segment(delivery)}/redeliver",
        parse=_parse,
        **_kwargs,
    )
