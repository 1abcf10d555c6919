from typing import Any

import httpx

from ...models.invitation import Invitation
from ...models.invitation_request import InvitationRequest
from ...types import Operation, segment


def _parse(response: httpx.Response) -> Invitation:
    if response.status_code == 202:
        response_202 = Invitation.from_dict(response.json())

        return response_202

    raise ValueError(f"the contract has no answer {response.status_code} here")


def invite_owner(
    name: str,
    *,
    body: InvitationRequest,
) -> Operation[Invitation]:
    """Ask somebody to own a project

    They own it once they accept. With `transfer`, whoever asks stops owning it at that moment. Asking again
    replaces the invitation.

    Args:
        name (str): A project's name, in any case, with `-` or `_`. Legacy downloads take an extension's
            name too.
        body (InvitationRequest): Who is asked to own a project.
    """

    _kwargs: dict[str, Any] = {}
    _kwargs["json"] = body.to_dict()

    return Operation(
        name="invite_owner",
        method="post",
        path=f"/api/v1/trunk-projects/{segment(name)}/owners",
        parse=_parse,
        **_kwargs,
    )
