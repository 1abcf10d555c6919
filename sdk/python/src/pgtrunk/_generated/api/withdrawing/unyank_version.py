from typing import Any

import httpx

from ...models.version_state import VersionState
from ...types import Operation, segment


def _parse(response: httpx.Response) -> VersionState:
    if response.status_code == 200:
        response_200 = VersionState.from_dict(response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def unyank_version(
    name: str,
    version: str,
) -> Operation[VersionState]:
    """Take a withdrawal back

    The version is as it was before; unyanking one that is not yanked is fine.

    Args:
        name (str): A project's name, in any case, with `-` or `_`. Legacy downloads take an extension's
            name too.
        version (str): A version as it was published.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="unyank_version",
        method="post",
        path=f"/api/v1/trunk-projects/{segment(name)}/version/{segment(version)}/unyank",
        parse=_parse,
        **_kwargs,
    )
