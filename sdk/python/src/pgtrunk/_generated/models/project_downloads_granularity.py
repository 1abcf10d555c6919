from typing import Literal, cast

ProjectDownloadsGranularity = Literal["day", "month", "week"]

PROJECT_DOWNLOADS_GRANULARITY_VALUES: frozenset[ProjectDownloadsGranularity] = (
    frozenset(
        [
            "day",
            "month",
            "week",
        ]
    )
)


def check_project_downloads_granularity(value: str) -> ProjectDownloadsGranularity:
    # A value that a later contract adds passes: answers may grow.
    return cast(ProjectDownloadsGranularity, value)
