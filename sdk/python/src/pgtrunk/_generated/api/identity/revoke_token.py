from typing import Any

import httpx

from ...types import Operation, segment


def _parse(response: httpx.Response) -> None:
    return None


def revoke_token(
    id: str,
) -> Operation[None]:
    """Revoke a token of yours

    It is void from now on. Revoking twice is fine.

    Args:
        id (str): The token's id.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="revoke_token",
        method="delete",
        path=f"/api/v1/tokens/{segment(id)}",
        parse=_parse,
        **_kwargs,
    )
