from typing import Any

import httpx

from ...models.extension_detail import ExtensionDetail
from ...types import Operation, segment


def _parse(response: httpx.Response) -> list[ExtensionDetail]:
    if response.status_code == 200:
        response_200 = []
        _response_200 = response.json()
        for response_200_item_data in _response_200:
            response_200_item = ExtensionDetail.from_dict(response_200_item_data)

            response_200.append(response_200_item)

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def get_extension_version_detail(
    name: str,
    version: str,
) -> Operation[list[ExtensionDetail]]:
    """One version of a project, in detail

    An array with that version only; empty when there is none.

    Args:
        name (str): A project's name, in any case, with `-` or `_`. Legacy downloads take an extension's
            name too.
        version (str): A version as it was published.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="get_extension_version_detail",
        method="get",
        path=f"/extensions/detail/{segment(name)}/{segment(version)}",
        parse=_parse,
        **_kwargs,
    )
