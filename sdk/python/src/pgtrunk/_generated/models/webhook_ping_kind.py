from typing import Literal, cast

WebhookPingKind = Literal["ping"]

WEBHOOK_PING_KIND_VALUES: frozenset[WebhookPingKind] = frozenset(
    [
        "ping",
    ]
)


def check_webhook_ping_kind(value: str) -> WebhookPingKind:
    # A value that a later contract adds passes: answers may grow.
    return cast(WebhookPingKind, value)
