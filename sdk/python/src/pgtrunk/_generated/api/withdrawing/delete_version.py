from typing import Any

import httpx

from ...types import Operation, segment


def _parse(response: httpx.Response) -> None:
    return None


def delete_version(
    name: str,
    version: str,
) -> Operation[None]:
    """Delete a version

    Its number is never free again. Owners may for 72 hours after it was first published, unless extensions of
    others depend on it; administrators always. Yanking is what you want nearly always.

    Args:
        name (str): A project's name, in any case, with `-` or `_`. Legacy downloads take an extension's
            name too.
        version (str): A version as it was published.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="delete_version",
        method="delete",
        path=f"/api/v1/trunk-projects/{segment(name)}/version/{segment(version)}",
        parse=_parse,
        **_kwargs,
    )
