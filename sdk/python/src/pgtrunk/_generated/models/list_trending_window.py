from typing import Literal, cast

ListTrendingWindow = Literal["30d", "7d"]

LIST_TRENDING_WINDOW_VALUES: frozenset[ListTrendingWindow] = frozenset(
    [
        "30d",
        "7d",
    ]
)


def check_list_trending_window(value: str) -> ListTrendingWindow:
    # A value that a later contract adds passes: answers may grow.
    return cast(ListTrendingWindow, value)
