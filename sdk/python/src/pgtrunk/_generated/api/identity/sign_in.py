from typing import Any

import httpx

from ...types import Operation


def _parse(response: httpx.Response) -> str:
    if response.status_code == 200:
        response_200 = response.text
        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def sign_in() -> Operation[str]:
    """Make a token from a sign-in

    Takes a JSON Web Token of the OpenID Connect provider that this registry trusts and answers with an API token
    for everything its user may do. The account is made at the first time.

    The answer is one line of text, made for a terminal. Send `Accept: application/json` for errors as problems.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="sign_in",
        method="post",
        path="/token/new",
        parse=_parse,
        **_kwargs,
    )
