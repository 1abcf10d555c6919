from typing import Any, Literal, cast

import httpx

from ...types import Operation


def _parse(response: httpx.Response) -> Literal["ok"]:
    if response.status_code == 200:
        response_200 = cast(Literal["ok"], response.json())
        if response_200 != "ok":
            raise ValueError(
                f"response_200 must match const 'ok', got '{response_200}'"
            )
        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def get_root() -> Operation[Literal["ok"]]:
    """A word that the registry is here, or its home page

    The JSON string `"ok"`. Whoever names `text/html` in `Accept`, and likes it no less than JSON, gets the home page.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="get_root",
        method="get",
        path="/",
        parse=_parse,
        **_kwargs,
    )
