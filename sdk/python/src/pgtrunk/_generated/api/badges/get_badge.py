from typing import Any

import httpx

from ...models.get_badge_badge import GetBadgeBadge
from ...types import Operation, segment


def _parse(response: httpx.Response) -> str:
    if response.status_code == 200:
        response_200 = response.text
        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def get_badge(
    name: str,
    badge: GetBadgeBadge,
) -> Operation[str]:
    """A badge for a README

    An SVG picture with the latest version, the downloads of the last 30 days, the PostgreSQL majors, or the platforms
    of the latest version.

    Where there is no such project the picture says "unknown", with status 200: the image proxies of GitHub and others
    show a broken picture for any other status, so that nobody would read what is wrong. Programs ask
    `/api/v1/trunk-projects/{name}/health` instead.

    Args:
        name (str): A project's name, in any case, with `-` or `_`. Legacy downloads take an extension's
            name too.
        badge (GetBadgeBadge): What the badge tells.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="get_badge",
        method="get",
        path=f"/badges/{segment(name)}/{segment(badge)}",
        parse=_parse,
        **_kwargs,
    )
