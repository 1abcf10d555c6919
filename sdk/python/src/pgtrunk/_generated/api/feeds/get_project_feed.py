from typing import Any

import httpx

from ...types import Operation, segment


def _parse(response: httpx.Response) -> str:
    if response.status_code == 200:
        response_200 = response.text
        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def get_project_feed(
    name: str,
) -> Operation[str]:
    """New versions of a project

    As `/feeds/releases`.

    Args:
        name (str): A project's name, in any case, with `-` or `_`. Legacy downloads take an extension's
            name too.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="get_project_feed",
        method="get",
        path=f"/feeds/projects/{segment(name)}",
        parse=_parse,
        **_kwargs,
    )
