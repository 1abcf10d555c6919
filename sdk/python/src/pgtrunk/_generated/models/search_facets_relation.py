from typing import Literal, cast

SearchFacetsRelation = Literal["about", "eq"]

SEARCH_FACETS_RELATION_VALUES: frozenset[SearchFacetsRelation] = frozenset(
    [
        "about",
        "eq",
    ]
)


def check_search_facets_relation(value: str) -> SearchFacetsRelation:
    # A value that a later contract adds passes: answers may grow.
    return cast(SearchFacetsRelation, value)
