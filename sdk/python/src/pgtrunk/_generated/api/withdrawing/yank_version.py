from typing import Any

import httpx

from ...models.version_state import VersionState
from ...models.yank_request import YankRequest
from ...types import Operation, segment


def _parse(response: httpx.Response) -> VersionState:
    if response.status_code == 200:
        response_200 = VersionState.from_dict(response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def yank_version(
    name: str,
    version: str,
    *,
    body: YankRequest,
) -> Operation[VersionState]:
    """Withdraw a version

    It leaves the catalogue, the search and `latest`, and stays installable by its exact number. Yanking again
    changes the reason.

    Args:
        name (str): A project's name, in any case, with `-` or `_`. Legacy downloads take an extension's
            name too.
        version (str): A version as it was published.
        body (YankRequest): Why a version is withdrawn.
    """

    _kwargs: dict[str, Any] = {}
    _kwargs["json"] = body.to_dict()

    return Operation(
        name="yank_version",
        method="post",
        path=f"/api/v1/trunk-projects/{segment(name)}/version/{segment(version)}/yank",
        parse=_parse,
        **_kwargs,
    )
