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


def follow_category(
    slug: str,
    *,
    body: SubscriptionRequest,
) -> Operation[Subscription | SubscriptionAsked]:
    """Follow a category

    A letter goes to the address and asks whether its owner wants this; nothing else goes there until they have
    confirmed it. What is answered does not tell whether the address follows anything already. It is about every project of the category.
    Whoever sends a token and names no address, or the one that the provider of their sign-in has verified, follows
    at once. How often one address is asked, and how often one client asks, is limited.

    Args:
        slug (str): A category's slug.
        body (SubscriptionRequest): Who follows, and what they want to hear.
    """

    _kwargs: dict[str, Any] = {}
    _kwargs["json"] = body.to_dict()

    return Operation(
        name="follow_category",
        method="post",
        path=f"/api/v1/categories/{segment(slug)}/subscriptions",
        parse=_parse,
        **_kwargs,
    )
