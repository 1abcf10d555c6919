from typing import Any

import httpx

from ...types import Operation


def _parse(response: httpx.Response) -> str:
    if response.status_code == 200:
        response_200 = response.text
        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def get_releases_feed() -> Operation[str]:
    """New versions of all projects

    The 50 that were published or added to last, as Atom; yanked ones are left out.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="get_releases_feed",
        method="get",
        path="/feeds/releases",
        parse=_parse,
        **_kwargs,
    )
