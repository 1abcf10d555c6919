from typing import Any

import httpx

from ...models.project_version import ProjectVersion
from ...types import UNSET, Operation, Unset, segment


def _parse(response: httpx.Response) -> list[ProjectVersion]:
    if response.status_code == 200:
        response_200 = []
        _response_200 = response.json()
        for response_200_item_data in _response_200:
            response_200_item = ProjectVersion.from_dict(response_200_item_data)

            response_200.append(response_200_item)

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def get_project(
    name: str,
    *,
    all_: bool | Unset = False,
) -> Operation[list[ProjectVersion]]:
    """Every version of a project

    In ascending order, empty for an unknown project. Versions that a published command line would wrongly take
    for the latest are left out unless `all=true`.

    Args:
        name (str): A project's name, in any case, with `-` or `_`. Legacy downloads take an extension's
            name too.
        all_ (bool | Unset): List every version, also those that a published command line would wrongly take
            for the latest. Default: False.
    """

    params: dict[str, Any] = {}

    params["all"] = all_

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="get_project",
        method="get",
        path=f"/api/v1/trunk-projects/{segment(name)}",
        parse=_parse,
        params=params,
        **_kwargs,
    )
