from typing import Any

import httpx

from ...models.project_owners import ProjectOwners
from ...types import Operation, segment


def _parse(response: httpx.Response) -> ProjectOwners:
    if response.status_code == 200:
        response_200 = ProjectOwners.from_dict(response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def list_owners(
    name: str,
) -> Operation[ProjectOwners]:
    """Who owns a project

    The one who has owned it longest first.

    Args:
        name (str): A project's name, in any case, with `-` or `_`. Legacy downloads take an extension's
            name too.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="list_owners",
        method="get",
        path=f"/api/v1/trunk-projects/{segment(name)}/owners",
        parse=_parse,
        **_kwargs,
    )
