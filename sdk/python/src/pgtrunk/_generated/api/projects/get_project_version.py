from typing import Any

import httpx

from ...models.project_version import ProjectVersion
from ...types import Operation, segment


def _parse(response: httpx.Response) -> list[ProjectVersion]:
    if response.status_code == 200:
        response_200 = []
        _response_200 = response.json()
        for response_200_item_data in _response_200:
            response_200_item = ProjectVersion.from_dict(response_200_item_data)

            response_200.append(response_200_item)

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def get_project_version(
    name: str,
    version: str,
) -> Operation[list[ProjectVersion]]:
    """One version of a project

    An array with that version, yanked or not; empty when there is none.

    Args:
        name (str): A project's name, in any case, with `-` or `_`. Legacy downloads take an extension's
            name too.
        version (str): A version as it was published.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="get_project_version",
        method="get",
        path=f"/api/v1/trunk-projects/{segment(name)}/version/{segment(version)}",
        parse=_parse,
        **_kwargs,
    )
