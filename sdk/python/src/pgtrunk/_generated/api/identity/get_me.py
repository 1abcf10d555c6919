from typing import Any

import httpx

from ...models.me import Me
from ...types import Operation


def _parse(response: httpx.Response) -> Me:
    if response.status_code == 200:
        response_200 = Me.from_dict(response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def get_me() -> Operation[Me]:
    """Whose token this is

    The account that the token belongs to, and what the token may do.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="get_me",
        method="get",
        path="/api/v1/me",
        parse=_parse,
        **_kwargs,
    )
