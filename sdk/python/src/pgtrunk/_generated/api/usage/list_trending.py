from typing import Any

import httpx

from ...models.list_trending_window import (
    ListTrendingWindow,
)
from ...models.trending import Trending
from ...types import UNSET, Operation, Unset


def _parse(response: httpx.Response) -> Trending:
    if response.status_code == 200:
        response_200 = Trending.from_dict(response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def list_trending(
    *,
    window: ListTrendingWindow | Unset = "7d",
    limit: int | Unset = 20,
) -> Operation[Trending]:
    """The projects that grow most

    Installers of the last 7 or 30 whole days against those of as many days before. Projects are ordered by `score`: how
    far the growth is from what chance does, in standard deviations, which is the difference divided by the square root of
    the sum. That takes neither a few installers more of a small project for much, nor the daily ups and downs of a large
    one. A project is left out below 10 installers, and below a score of 2. Programs that fetch the same again and again
    are one installer a day.

    Args:
        window (ListTrendingWindow | Unset): How long the window is. Default: '7d'.
        limit (int | Unset): How many items to give at most. Default: 20.
    """

    params: dict[str, Any] = {}

    json_window: str | Unset = UNSET
    if not isinstance(window, Unset):
        json_window = window

    params["window"] = json_window

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="list_trending",
        method="get",
        path="/api/v1/trending",
        parse=_parse,
        params=params,
        **_kwargs,
    )
