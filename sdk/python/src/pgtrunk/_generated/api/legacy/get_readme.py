from typing import Any

import httpx

from ...types import Operation, segment


def _parse(response: httpx.Response) -> str:
    if response.status_code == 200:
        response_200 = response.text
        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def get_readme(
    name: str,
) -> Operation[str]:
    """The README of a project

    Its text as it was written, from the archive of the latest version or from the project's repository.

    Args:
        name (str): A project's name, in any case, with `-` or `_`. Legacy downloads take an extension's
            name too.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="get_readme",
        method="get",
        path=f"/extensions/details/{segment(name)}/readme",
        parse=_parse,
        **_kwargs,
    )
