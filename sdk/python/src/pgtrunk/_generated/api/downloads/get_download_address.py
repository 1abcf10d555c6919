from typing import Any

import httpx

from ...models.platform import Platform
from ...types import UNSET, Operation, Unset, segment


def _parse(response: httpx.Response) -> str:
    if response.status_code == 200:
        response_200 = response.text
        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def get_download_address(
    name: str,
    version: str,
    *,
    pg_version: int | Unset = UNSET,
    platform: Platform | Unset = UNSET,
) -> Operation[str]:
    """The address of an archive

    As text. `name` is a project's or an extension's, `version` an exact one or `latest`. Without `pg_version` the
    build for PostgreSQL 15 is meant, or the newest major there is; without `platform`, linux/amd64.

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
        name="get_download_address",
        method="get",
        path=f"/extensions/{segment(name)}/{segment(version)}/download",
        parse=_parse,
        params=params,
        **_kwargs,
    )
