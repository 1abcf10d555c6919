from typing import Literal, cast

HealthObjectStore = Literal["ok", "unavailable", "unknown"]

HEALTH_OBJECT_STORE_VALUES: frozenset[HealthObjectStore] = frozenset(
    [
        "ok",
        "unavailable",
        "unknown",
    ]
)


def check_health_object_store(value: str) -> HealthObjectStore:
    # A value that a later contract adds passes: answers may grow.
    return cast(HealthObjectStore, value)
