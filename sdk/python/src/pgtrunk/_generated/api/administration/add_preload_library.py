from typing import Any, cast

import httpx

from ...types import Operation, segment


def _parse(response: httpx.Response) -> list[str]:
    if response.status_code == 200:
        response_200 = cast(list[str], response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def add_preload_library(
    library: str,
) -> Operation[list[str]]:
    """Add a library to those that belong into shared_preload_libraries

    Adding one that is there is fine.

    Args:
        library (str): The library's name, without directory and ending.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="add_preload_library",
        method="post",
        path=f"/admin/extensions/libraries/{segment(library)}",
        parse=_parse,
        **_kwargs,
    )
