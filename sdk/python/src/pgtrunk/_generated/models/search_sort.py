from typing import Literal, cast

SearchSort = Literal["downloads", "name", "recent", "relevance"]

SEARCH_SORT_VALUES: frozenset[SearchSort] = frozenset(
    [
        "downloads",
        "name",
        "recent",
        "relevance",
    ]
)


def check_search_sort(value: str) -> SearchSort:
    # A value that a later contract adds passes: answers may grow.
    return cast(SearchSort, value)
