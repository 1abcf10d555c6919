from typing import Any

import httpx

from ...models.removal import Removal
from ...types import Operation, segment


def _parse(response: httpx.Response) -> Removal:
    if response.status_code == 200:
        response_200 = Removal.from_dict(response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def remove_project(
    name: str,
) -> Operation[Removal]:
    """Remove a project

    All its versions are deleted and their numbers are never free again. Nobody owns the name any more; an
    administrator can ask somebody to own it.

    Args:
        name (str): A project's name, in any case, with `-` or `_`. Legacy downloads take an extension's
            name too.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="remove_project",
        method="delete",
        path=f"/admin/extensions/{segment(name)}",
        parse=_parse,
        **_kwargs,
    )
