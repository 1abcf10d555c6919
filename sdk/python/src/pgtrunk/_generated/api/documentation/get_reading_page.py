from typing import Any

import httpx

from ...types import Operation


def _parse(response: httpx.Response) -> str:
    if response.status_code == 200:
        response_200 = response.text
        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def get_reading_page() -> Operation[str]:
    """This contract as a page to read

    One page with every operation, its parameters, answers and examples; needs no script.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="get_reading_page",
        method="get",
        path="/redoc",
        parse=_parse,
        **_kwargs,
    )
