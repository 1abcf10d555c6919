from typing import Any

import httpx

from ...models.new_token import NewToken
from ...models.token_request import TokenRequest
from ...types import Operation


def _parse(response: httpx.Response) -> NewToken:
    if response.status_code == 201:
        response_201 = NewToken.from_dict(response.json())

        return response_201

    raise ValueError(f"the contract has no answer {response.status_code} here")


def create_token(
    *,
    body: TokenRequest,
) -> Operation[NewToken]:
    """Make a token

    The answer holds its text, this once. A token can make another one that may do as much as itself at most, for
    the same projects at most, and that lasts no longer; what is left out is taken from the token that asks.

    Args:
        body (TokenRequest): A token to be.
    """

    _kwargs: dict[str, Any] = {}
    _kwargs["json"] = body.to_dict()

    return Operation(
        name="create_token",
        method="post",
        path="/api/v1/tokens",
        parse=_parse,
        **_kwargs,
    )
