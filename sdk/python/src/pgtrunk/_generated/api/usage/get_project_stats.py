from typing import Any

import httpx

from ...models.project_stats import ProjectStats
from ...types import Operation, segment


def _parse(response: httpx.Response) -> ProjectStats:
    if response.status_code == 200:
        response_200 = ProjectStats.from_dict(response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def get_project_stats(
    name: str,
) -> Operation[ProjectStats]:
    """How much a project is used

    A download is a request that leads to the bytes of an archive: not `HEAD`, not a later part of the same transfer, and
    not a question whether what one has is still good. Downloads are exact, and here a few seconds after they happened.

    Installers are the different clients of each day, by their network address, of which nothing is kept: up to some
    thousands a day they are exact, above that within 3 %. Who comes again on another day is not recognised, so those of
    several days are the sum of the days. Known robots and mirrors are in neither, but apart.

    Days are those of UTC. A window ends today; `trend` compares as many whole days with those before.

    Args:
        name (str): A project's name, in any case, with `-` or `_`. Legacy downloads take an extension's
            name too.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="get_project_stats",
        method="get",
        path=f"/api/v1/trunk-projects/{segment(name)}/stats",
        parse=_parse,
        **_kwargs,
    )
