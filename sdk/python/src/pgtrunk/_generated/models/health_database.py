from typing import Literal, cast

HealthDatabase = Literal["ok", "unknown"]

HEALTH_DATABASE_VALUES: frozenset[HealthDatabase] = frozenset(
    [
        "ok",
        "unknown",
    ]
)


def check_health_database(value: str) -> HealthDatabase:
    # A value that a later contract adds passes: answers may grow.
    return cast(HealthDatabase, value)
