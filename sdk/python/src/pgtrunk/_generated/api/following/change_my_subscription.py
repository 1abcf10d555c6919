from typing import Any

import httpx

from ...models.subscription import Subscription
from ...models.subscription_change import SubscriptionChange
from ...types import Operation, segment


def _parse(response: httpx.Response) -> Subscription:
    if response.status_code == 200:
        response_200 = Subscription.from_dict(response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def change_my_subscription(
    id: str,
    *,
    body: SubscriptionChange,
) -> Operation[Subscription]:
    """Change what you hear

    What is left out stays as it is; `pg_version` null is for every major.

    Args:
        id (str): The id of a subscription.
        body (SubscriptionChange): What is to change of a subscription.
    """

    _kwargs: dict[str, Any] = {}
    _kwargs["json"] = body.to_dict()

    return Operation(
        name="change_my_subscription",
        method="patch",
        path=f"/api/v1/me/subscriptions/{segment(id)}",
        parse=_parse,
        **_kwargs,
    )
