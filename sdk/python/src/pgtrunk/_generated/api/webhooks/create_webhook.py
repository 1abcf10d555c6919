from typing import Any

import httpx

from ...models.new_webhook import NewWebhook
from ...models.webhook_request import WebhookRequest
from ...types import Operation


def _parse(response: httpx.Response) -> NewWebhook:
    if response.status_code == 201:
        response_201 = NewWebhook.from_dict(response.json())

        return response_201

    raise ValueError(f"the contract has no answer {response.status_code} here")


def create_webhook(
    *,
    body: WebhookRequest,
) -> Operation[NewWebhook]:
    """Register a webhook

    The address is called when something happens to a project, to any of a category, or to any that a user owns: name one
    of the three. The answer holds the secret, this once, with which each call is signed, as
    [Standard Webhooks](https://www.standardwebhooks.com) has it. What is not answered with a status of success within ten
    seconds is tried again for 48 hours. The address is one of https, on a host that anybody on the Internet can reach, and
    redirects are not followed. An account has 20 webhooks at most; how often one is registered is limited.

    Args:
        body (WebhookRequest): What is called, and of what it is told: one of `project`, `category` and
            `user`.
    """

    _kwargs: dict[str, Any] = {}
    _kwargs["json"] = body.to_dict()

    return Operation(
        name="create_webhook",
        method="post",
        path="/api/v1/webhooks",
        parse=_parse,
        **_kwargs,
    )
