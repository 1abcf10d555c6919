from typing import Any

import httpx

from ...models.audit_entries import AuditEntries
from ...types import UNSET, Operation, Unset


def _parse(response: httpx.Response) -> AuditEntries:
    if response.status_code == 200:
        response_200 = AuditEntries.from_dict(response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def list_audit_entries(
    *,
    project: str | Unset = UNSET,
    user: str | Unset = UNSET,
    action: str | Unset = UNSET,
    limit: int | Unset = 20,
    cursor: str | Unset = UNSET,
) -> Operation[AuditEntries]:
    """Who did what

    Every change of anything, the newest first. Administrators see all of it; others name a `project` of theirs, or
    see what they did themselves.

    Args:
        project (str | Unset): Only about this project.
        user (str | Unset): Only what this user did.
        action (str | Unset): Only actions of this name.
        limit (int | Unset): How many items to give at most. Default: 20.
        cursor (str | Unset): The `next_cursor` of the page before; good for the same query only.
    """

    params: dict[str, Any] = {}

    params["project"] = project

    params["user"] = user

    params["action"] = action

    params["limit"] = limit

    params["cursor"] = cursor

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="list_audit_entries",
        method="get",
        path="/api/v1/audit",
        parse=_parse,
        params=params,
        **_kwargs,
    )
