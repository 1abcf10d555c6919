from typing import Any

import httpx

from ...models.subscription import Subscription
from ...models.subscription_asked import SubscriptionAsked
from ...models.subscription_request import SubscriptionRequest
from ...types import Operation, segment


def _parse(response: httpx.Response) -> Subscription | SubscriptionAsked:
    if response.status_code == 201:
        response_201 = Subscription.from_dict(response.json())

        return response_201

    if response.status_code == 202:
        response_202 = SubscriptionAsked.from_dict(response.json())

        return response_202

    raise ValueError(f"the contract has no answer {response.status_code} here")


def follow_user(
    user: str,
    *,
    body: SubscriptionRequest,
) -> Operation[Subscription | SubscriptionAsked]:
    """Follow what somebody owns

    A letter goes to the address and asks whether its owner wants this; nothing else goes there until they have
    confirmed it. What is answered does not tell whether the address follows anything already. It is about every project that the user owns.
    Whoever sends a token and names no address, or the one that the provider of their sign-in has verified, follows
    at once. How often one address is asked, and how often one client asks, is limited.

    Args:
        user (str): The name of a user.
        body (SubscriptionRequest): Who follows, and what they want to hear.
    """

    _kwargs: dict[str, Any] = {}
    _kwargs["json"] = body.to_dict()

    return Operation(
        name="follow_user",
        method="post",
        path=f"/api/v1/users/{segment(user)}/subscriptions",
        parse=_parse,
        **_kwargs,
    )
