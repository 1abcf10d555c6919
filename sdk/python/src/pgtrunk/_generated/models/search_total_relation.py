from typing import Literal, cast

SearchTotalRelation = Literal["eq", "gte"]

SEARCH_TOTAL_RELATION_VALUES: frozenset[SearchTotalRelation] = frozenset(
    [
        "eq",
        "gte",
    ]
)


def check_search_total_relation(value: str) -> SearchTotalRelation:
    # A value that a later contract adds passes: answers may grow.
    return cast(SearchTotalRelation, value)
