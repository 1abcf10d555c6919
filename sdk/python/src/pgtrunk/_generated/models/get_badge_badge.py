from typing import Literal, cast

GetBadgeBadge = Literal["downloads.svg", "platforms.svg", "postgres.svg", "version.svg"]

GET_BADGE_BADGE_VALUES: frozenset[GetBadgeBadge] = frozenset(
    [
        "downloads.svg",
        "platforms.svg",
        "postgres.svg",
        "version.svg",
    ]
)


def check_get_badge_badge(value: str) -> GetBadgeBadge:
    # A value that a later contract adds passes: answers may grow.
    return cast(GetBadgeBadge, value)
