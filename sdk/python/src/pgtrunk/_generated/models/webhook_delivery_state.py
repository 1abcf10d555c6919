from typing import Literal, cast

WebhookDeliveryState = Literal["delivered", "dropped", "failed", "queued"]

WEBHOOK_DELIVERY_STATE_VALUES: frozenset[WebhookDeliveryState] = frozenset(
    [
        "delivered",
        "dropped",
        "failed",
        "queued",
    ]
)


def check_webhook_delivery_state(value: str) -> WebhookDeliveryState:
    # A value that a later contract adds passes: answers may grow.
    return cast(WebhookDeliveryState, value)
