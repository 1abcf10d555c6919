from typing import Any

import httpx

from ...models.category import Category
from ...types import Operation


def _parse(response: httpx.Response) -> list[Category]:
    if response.status_code == 200:
        response_200 = []
        _response_200 = response.json()
        for response_200_item_data in _response_200:
            response_200_item = Category.from_dict(response_200_item_data)

            response_200.append(response_200_item)

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def list_categories() -> Operation[list[Category]]:
    """The categories

    Featured first, the rest by name. A publisher names categories by their `slug`.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="list_categories",
        method="get",
        path="/categories/all",
        parse=_parse,
        **_kwargs,
    )
