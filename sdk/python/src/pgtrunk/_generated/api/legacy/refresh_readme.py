from typing import Any

import httpx

from ...types import Operation, segment


def _parse(response: httpx.Response) -> str:
    if response.status_code == 200:
        response_200 = response.text
        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def refresh_readme(
    name: str,
) -> Operation[str]:
    """Read the README again

    For owners. Taken from the archive of the latest version where it holds one, else from the project's
    repository on GitHub, GitLab or Codeberg.

    Args:
        name (str): A project's name, in any case, with `-` or `_`. Legacy downloads take an extension's
            name too.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="refresh_readme",
        method="post",
        path=f"/extensions/details/{segment(name)}/readme",
        parse=_parse,
        **_kwargs,
    )
