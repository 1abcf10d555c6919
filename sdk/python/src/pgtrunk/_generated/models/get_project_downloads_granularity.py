from typing import Literal, cast

GetProjectDownloadsGranularity = Literal["day", "month", "week"]

GET_PROJECT_DOWNLOADS_GRANULARITY_VALUES: frozenset[GetProjectDownloadsGranularity] = (
    frozenset(
        [
            "day",
            "month",
            "week",
        ]
    )
)


def check_get_project_downloads_granularity(
    value: str,
) -> GetProjectDownloadsGranularity:
    # A value that a later contract adds passes: answers may grow.
    return cast(GetProjectDownloadsGranularity, value)
