from typing import Any

import httpx

from ...models.deprecation_request import DeprecationRequest
from ...models.project_state import ProjectState
from ...types import Operation, segment


def _parse(response: httpx.Response) -> ProjectState:
    if response.status_code == 200:
        response_200 = ProjectState.from_dict(response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def deprecate_project(
    name: str,
    *,
    body: DeprecationRequest,
) -> Operation[ProjectState]:
    """Say that a project should not be used any more

    It stays where it is, with your message. Deprecating again changes the message.

    Args:
        name (str): A project's name, in any case, with `-` or `_`. Legacy downloads take an extension's
            name too.
        body (DeprecationRequest): Why a project should not be used any more.
    """

    _kwargs: dict[str, Any] = {}
    _kwargs["json"] = body.to_dict()

    return Operation(
        name="deprecate_project",
        method="post",
        path=f"/api/v1/trunk-projects/{segment(name)}/deprecate",
        parse=_parse,
        **_kwargs,
    )
