from typing import Literal, cast

GetProjectDownloadsBy = Literal["pg_version", "platform", "version"]

GET_PROJECT_DOWNLOADS_BY_VALUES: frozenset[GetProjectDownloadsBy] = frozenset(
    [
        "pg_version",
        "platform",
        "version",
    ]
)


def check_get_project_downloads_by(value: str) -> GetProjectDownloadsBy:
    # A value that a later contract adds passes: answers may grow.
    return cast(GetProjectDownloadsBy, value)
