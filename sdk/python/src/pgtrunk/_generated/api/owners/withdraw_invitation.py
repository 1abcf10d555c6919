from typing import Any, cast

import httpx

from ...types import UNSET, Operation, Unset, segment




def _parse(response: httpx.Response) -> None:
    return None



def withdraw_invitation(
    name: str,
    user: str,

) -> Operation[None]:
    """ Withdraw an invitation

    For the project's owners.

    Args:
        name (str): A project's name, in any case, with `-` or `_`. Legacy downloads take an extension's
            name too.
        user (str): The name of a user.
     """

    

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="withdraw_invitation",
        method="delete",
        path="/api/v1/trunk-projects/{name}/invitations/{user}".format(name=segment(name),user=segment(user),),
        parse=_parse,
        **_kwargs,
    )
