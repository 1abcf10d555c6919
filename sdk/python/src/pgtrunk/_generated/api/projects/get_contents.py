from typing import Any

import httpx

from ...models.contents import Contents
from ...models.platform import Platform
from ...types import UNSET, Operation, Unset, segment


def _parse(response: httpx.Response) -> Contents:
    if response.status_code == 200:
        response_200 = Contents.from_dict(response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def get_contents(
    name: str,
    version: str,
    *,
    pg_version: int | Unset = UNSET,
    platform: Platform | Unset = UNSET,
) -> Operation[Contents]:
    """What an archive holds

    The report of the inspection that every archive passes before it is published: each file with its size and
    digest, the control files as PostgreSQL reads them, the update paths between extension versions, and what the
    shared objects need from the system.

    Args:
        name (str): A project's name, in any case, with `-` or `_`. Legacy downloads take an extension's
            name too.
        version (str): A version as it was published, or `latest`.
        pg_version (int | Unset): A PostgreSQL major. Without it 15 is meant, or the newest major there is a
            build for.
        platform (Platform | Unset): An operating system and an architecture.
    """

    params: dict[str, Any] = {}

    params["pg_version"] = pg_version

    json_platform: str | Unset = UNSET
    if not isinstance(platform, Unset):
        json_platform = platform

    params["platform"] = json_platform

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="get_contents",
        method="get",
        path=f"/api/v1/trunk-projects/{segment(name)}/version/{segment(version)}/contents",
        parse=_parse,
        params=params,
        **_kwargs,
    )
