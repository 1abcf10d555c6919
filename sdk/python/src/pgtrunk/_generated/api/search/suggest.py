from typing import Any

import httpx

from ...models.suggestions import Suggestions
from ...types import UNSET, Operation


def _parse(response: httpx.Response) -> Suggestions:
    if response.status_code == 200:
        response_200 = Suggestions.from_dict(response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def suggest(
    *,
    q: str,
) -> Operation[Suggestions]:
    """What somebody who types may mean

    At most eight, names that begin so first, then projects that the words mean.

    Args:
        q (str): What was typed so far.
    """

    params: dict[str, Any] = {}

    params["q"] = q

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="suggest",
        method="get",
        path="/api/v1/suggest",
        parse=_parse,
        params=params,
        **_kwargs,
    )
