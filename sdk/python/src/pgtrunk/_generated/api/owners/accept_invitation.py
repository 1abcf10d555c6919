from typing import Any, cast

import httpx

from ...types import UNSET, Operation, Unset, segment

from ...models.project_owners import ProjectOwners
from typing import cast



def _parse(response: httpx.Response) -> ProjectOwners:
    if response.status_code == 200:
        response_200 = ProjectOwners.from_dict(response.json())



        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")



def accept_invitation(
    name: str,

) -> Operation[ProjectOwners]:
    """ Become an owner of a project

    Where the invitation was made to hand the project over, whoever made it stops owning it now.

    Args:
        name (str): A project's name, in any case, with `-` or `_`. Legacy downloads take an extension's
            name too.
     """

    

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="accept_invitation",
        method="post",
        path="/api/v1/me/invitations/{name}/accept".format(name=segment(name),),
        parse=_parse,
        **_kwargs,
    )
