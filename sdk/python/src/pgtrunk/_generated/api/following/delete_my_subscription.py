from typing import Any

import httpx

from ...types import Operation, segment


def _parse(response: httpx.Response) -> None:
    return None


def delete_my_subscription(
    id: str,
) -> Operation[None]:
    """Stop following

    No letter is sent because of it any more, also none that was on its way to the mail server.

    Args:
        id (str): The id of a subscription.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="delete_my_subscription",
        method="delete",
        path=f"/api/v1/me/subscriptions/{segment(id)}",
        parse=_parse,
        **_kwargs,
    )
