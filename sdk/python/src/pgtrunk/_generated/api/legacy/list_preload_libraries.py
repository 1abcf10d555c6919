from typing import Any, cast

import httpx

from ...types import Operation


def _parse(response: httpx.Response) -> list[str]:
    if response.status_code == 200:
        response_200 = cast(list[str], response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def list_preload_libraries() -> Operation[list[str]]:
    """Libraries that must be in shared_preload_libraries

    The names, in alphabetical order.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="list_preload_libraries",
        method="get",
        path="/extensions/libraries",
        parse=_parse,
        **_kwargs,
    )
