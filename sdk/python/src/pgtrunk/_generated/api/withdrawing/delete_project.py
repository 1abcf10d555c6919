from typing import Any

import httpx

from ...types import Operation, segment


def _parse(response: httpx.Response) -> None:
    return None


def delete_project(
    name: str,
) -> Operation[None]:
    """Delete all versions of a project

    As deleting each of them. The name stays yours: nobody else can publish under it.

    Args:
        name (str): A project's name, in any case, with `-` or `_`. Legacy downloads take an extension's
            name too.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="delete_project",
        method="delete",
        path=f"/api/v1/trunk-projects/{segment(name)}",
        parse=_parse,
        **_kwargs,
    )
