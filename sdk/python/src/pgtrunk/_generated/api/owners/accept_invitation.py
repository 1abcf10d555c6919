from typing import Any

import httpx

from ...models.project_owners import ProjectOwners
from ...types import Operation, segment


def _parse(response: httpx.Response) -> ProjectOwners:
    if response.status_code == 200:
        response_200 = ProjectOwners.from_dict(response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def accept_invitation(
    name: str,
) -> Operation[ProjectOwners]:
    """Become an owner of a project

    Where the invitation was made to hand the project over, whoever made it stops owning it now.

    Args:
        name (str): A project's name, in any case, with `-` or `_`. Legacy downloads take an extension's
            name too.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="accept_invitation",
        method="post",
        path=f"/api/v1/me/invitations/{segment(name)}/accept",
        parse=_parse,
        **_kwargs,
    )
