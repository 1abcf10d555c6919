from typing import Any

import httpx

from ...types import Operation, segment


def _parse(response: httpx.Response) -> None:
    return None


def delete_webhook(
    id: str,
) -> Operation[None]:
    """Remove a webhook

    It is not called any more, also not with what was on its way; its log goes too.

    Args:
        id (str): The id of a webhook.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="delete_webhook",
        method="delete",
        path=f"/api/v1/webhooks/{segment(id)}",
        parse=_parse,
        **_kwargs,
    )
