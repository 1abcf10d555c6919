from typing import Any

import httpx

from ...models.project_version import ProjectVersion
from ...types import UNSET, Operation, Unset


def _parse(response: httpx.Response) -> list[ProjectVersion]:
    if response.status_code == 200:
        response_200 = []
        _response_200 = response.json()
        for response_200_item_data in _response_200:
            response_200_item = ProjectVersion.from_dict(response_200_item_data)

            response_200.append(response_200_item)

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def list_projects(
    *,
    extension_name: str | Unset = UNSET,
    all_: bool | Unset = False,
) -> Operation[list[ProjectVersion]]:
    """The latest version of every project, or every version that provides an extension

    Without `extension-name`: the latest version of every project, by name. With it: every version of the project
    that provides the extension of that name, in ascending order; an extension name belongs to the first project
    that published it.

    Lists of several versions leave out every version that a published command line would wrongly take for the
    latest (a pre-release beside a release, say); `all=true` lists those too.

    Args:
        extension_name (str | Unset): The name of an extension, as in `CREATE EXTENSION`.
        all_ (bool | Unset): List every version, also those that a published command line would wrongly take
            for the latest. Default: False.
    """

    params: dict[str, Any] = {}

    params["extension-name"] = extension_name

    params["all"] = all_

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="list_projects",
        method="get",
        path="/api/v1/trunk-projects",
        parse=_parse,
        params=params,
        **_kwargs,
    )
