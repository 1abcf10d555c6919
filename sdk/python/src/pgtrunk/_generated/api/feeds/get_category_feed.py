from typing import Any

import httpx

from ...types import Operation, segment


def _parse(response: httpx.Response) -> str:
    if response.status_code == 200:
        response_200 = response.text
        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def get_category_feed(
    slug: str,
) -> Operation[str]:
    """New versions of the projects in a category

    As `/feeds/releases`.

    Args:
        slug (str): A category's slug.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="get_category_feed",
        method="get",
        path=f"/feeds/categories/{segment(slug)}",
        parse=_parse,
        **_kwargs,
    )
