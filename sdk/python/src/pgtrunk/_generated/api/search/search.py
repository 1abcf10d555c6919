from typing import Any

import httpx

from ...models.platform import Platform
from ...models.search_result import SearchResult
from ...models.search_sort import SearchSort
from ...types import UNSET, Operation, Unset


def _parse(response: httpx.Response) -> SearchResult:
    if response.status_code == 200:
        response_200 = SearchResult.from_dict(response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def search(
    *,
    q: str | Unset = UNSET,
    category: str | Unset = UNSET,
    pg_version: int | Unset = UNSET,
    platform: Platform | Unset = UNSET,
    license_: str | Unset = UNSET,
    owner: str | Unset = UNSET,
    trusted: bool | Unset = UNSET,
    sort: SearchSort | Unset = "relevance",
    limit: int | Unset = 20,
    cursor: str | Unset = UNSET,
) -> Operation[SearchResult]:
    """Projects that fit a question

    Looks for words, `"phrases"` and `prefix*` in project names, extension names, descriptions, READMEs, categories and
    owners, weighted in that order; `-word` must not be there. Who is called as the question says comes first. A
    question in several words of which some match nothing finds what the others mean, synonyms of the field lead to
    the right projects, and a misspelt word is put right (`did_you_mean`). Without `q` everything that the filters
    leave is listed. An answer reaches as far as the first 1,000 where words were asked for.

    Args:
        q (str | Unset): The question.
        category (str | Unset): Only projects in the category of this slug.
        pg_version (int | Unset): Only projects whose latest version has a build for this PostgreSQL major;
            with `platform`, one build for both.
        platform (Platform | Unset): An operating system and an architecture.
        license_ (str | Unset): Only projects under this licence, as it was published.
        owner (str | Unset): Only projects that this user owns.
        trusted (bool | Unset): Only projects whose extensions can (`true`), or cannot (`false`), be created
            without being a superuser.
        sort (SearchSort | Unset): The order. Without `q`, `relevance` is the order of downloads. Default:
            'relevance'.
        limit (int | Unset): How many items to give at most. Default: 20.
        cursor (str | Unset): The `next_cursor` of the page before; good for the same query only.
    """

    params: dict[str, Any] = {}

    params["q"] = q

    params["category"] = category

    params["pg_version"] = pg_version

    json_platform: str | Unset = UNSET
    if not isinstance(platform, Unset):
        json_platform = platform

    params["platform"] = json_platform

    params["license"] = license_

    params["owner"] = owner

    params["trusted"] = trusted

    json_sort: str | Unset = UNSET
    if not isinstance(sort, Unset):
        json_sort = sort

    params["sort"] = json_sort

    params["limit"] = limit

    params["cursor"] = cursor

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="search",
        method="get",
        path="/api/v1/search",
        parse=_parse,
        params=params,
        **_kwargs,
    )
