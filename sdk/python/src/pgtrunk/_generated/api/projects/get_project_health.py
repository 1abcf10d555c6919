from typing import Any

import httpx

from ...models.project_health import ProjectHealth
from ...types import Operation, segment


def _parse(response: httpx.Response) -> ProjectHealth:
    if response.status_code == 200:
        response_200 = ProjectHealth.from_dict(response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def get_project_health(
    name: str,
) -> Operation[ProjectHealth]:
    """How a project is kept

    Facts that anybody can check, each with a sentence, and one word that follows from them. It is no score.

    The word is the worst of these that fits:

    - `withdrawn`: every version was yanked;
    - `deprecated`: the owners say not to use it any more;
    - `active`: the latest version was published within the last 12 months;
    - `maintained`: it is older, and has a build for the newest PostgreSQL major that has been out for six months;
    - `quiet`: it has none, though one for a PostgreSQL major that is still supported;
    - `outdated`: it has no build for a supported major.

    Search results carry the same word, by the same rule. `/project-health` says what owners do to change it. Dates
    are those of publishing here; what was yanked counts in `yanked_share` and nowhere else. The answer changes with
    the project and with the day (UTC).

    Args:
        name (str): A project's name, in any case, with `-` or `_`. Legacy downloads take an extension's
            name too.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="get_project_health",
        method="get",
        path=f"/api/v1/trunk-projects/{segment(name)}/health",
        parse=_parse,
        **_kwargs,
    )
