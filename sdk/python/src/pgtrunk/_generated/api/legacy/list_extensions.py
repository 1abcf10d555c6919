from typing import Any

import httpx

from ...models.extension_summary import ExtensionSummary
from ...types import Operation


def _parse(response: httpx.Response) -> list[ExtensionSummary]:
    if response.status_code == 200:
        response_200 = []
        _response_200 = response.json()
        for response_200_item_data in _response_200:
            response_200_item = ExtensionSummary.from_dict(response_200_item_data)

            response_200.append(response_200_item)

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def list_extensions() -> Operation[list[ExtensionSummary]]:
    """Every project with its latest version

    By name. A project without a version that is fit to install is left out.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="list_extensions",
        method="get",
        path="/extensions/all",
        parse=_parse,
        **_kwargs,
    )
