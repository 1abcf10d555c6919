from typing import Any

import httpx

from ...models.get_project_downloads_by import (
    GetProjectDownloadsBy,
)
from ...models.get_project_downloads_granularity import (
    GetProjectDownloadsGranularity,
)
from ...models.project_downloads import ProjectDownloads
from ...types import UNSET, Operation, Unset, segment


def _parse(response: httpx.Response) -> ProjectDownloads:
    if response.status_code == 200:
        response_200 = ProjectDownloads.from_dict(response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def get_project_downloads(
    name: str,
    *,
    from_: str | Unset = UNSET,
    to: str | Unset = UNSET,
    granularity: GetProjectDownloadsGranularity | Unset = "day",
    by: GetProjectDownloadsBy | Unset = UNSET,
) -> Operation[ProjectDownloads]:
    """The downloads of a project over time

    A point for each day, week or month, also for those without any downloads; at most 400. Weeks are those of ISO 8601,
    which begin on Mondays. The first and the last point are cut to the days that were asked for. With `by`, a series each
    for the 20 values with the most downloads, and one for all others; the points of each are in the order of `points`.

    Args:
        name (str): A project's name, in any case, with `-` or `_`. Legacy downloads take an extension's
            name too.
        from_ (str | Unset): The first day, in UTC; the 90th up to `to` by default.
        to (str | Unset): The last day, in UTC; today by default.
        granularity (GetProjectDownloadsGranularity | Unset): How long a point is. Default: 'day'.
        by (GetProjectDownloadsBy | Unset): What to tell apart.
    """

    params: dict[str, Any] = {}

    params["from"] = from_

    params["to"] = to

    json_granularity: str | Unset = UNSET
    if not isinstance(granularity, Unset):
        json_granularity = granularity

    params["granularity"] = json_granularity

    json_by: str | Unset = UNSET
    if not isinstance(by, Unset):
        json_by = by

    params["by"] = json_by

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="get_project_downloads",
        method="get",
        path=f"/api/v1/trunk-projects/{segment(name)}/downloads",
        parse=_parse,
        params=params,
        **_kwargs,
    )
