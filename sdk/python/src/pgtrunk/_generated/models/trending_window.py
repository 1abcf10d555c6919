from typing import Literal, cast

TrendingWindow = Literal["30d", "7d"]

TRENDING_WINDOW_VALUES: frozenset[TrendingWindow] = frozenset(
    [
        "30d",
        "7d",
    ]
)


def check_trending_window(value: str) -> TrendingWindow:
    # A value that a later contract adds passes: answers may grow.
    return cast(TrendingWindow, value)
