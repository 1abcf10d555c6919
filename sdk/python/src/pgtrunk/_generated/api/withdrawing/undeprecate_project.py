from typing import Any

import httpx

from ...models.project_state import ProjectState
from ...types import Operation, segment


def _parse(response: httpx.Response) -> ProjectState:
    if response.status_code == 200:
        response_200 = ProjectState.from_dict(response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def undeprecate_project(
    name: str,
) -> Operation[ProjectState]:
    """Take a deprecation back

    Fine for a project that is not deprecated, too.

    Args:
        name (str): A project's name, in any case, with `-` or `_`. Legacy downloads take an extension's
            name too.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="undeprecate_project",
        method="post",
        path=f"/api/v1/trunk-projects/{segment(name)}/undeprecate",
        parse=_parse,
        **_kwargs,
    )
