from typing import Any, cast

import httpx

from ...types import UNSET, Operation, Unset, segment




def _parse(response: httpx.Response) -> None:
    return None



def remove_owner(
    name: str,
    user: str,

) -> Operation[None]:
    """ Take a project from an owner

    Owners may remove each other and themselves; the last one stays.

    Args:
        name (str): A project's name, in any case, with `-` or `_`. Legacy downloads take an extension's
            name too.
        user (str): The name of a user.
     """

    

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="remove_owner",
        method="delete",
        path="/api/v1/trunk-projects/{name}/owners/{user}".format(name=segment(name),user=segment(user),),
        parse=_parse,
        **_kwargs,
    )
