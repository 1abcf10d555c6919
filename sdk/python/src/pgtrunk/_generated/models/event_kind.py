from typing import Literal, cast

EventKind = Literal[
    "deleted",
    "deprecated",
    "owner_added",
    "owner_removed",
    "published",
    "undeprecated",
    "unyanked",
    "yanked",
]

EVENT_KIND_VALUES: frozenset[EventKind] = frozenset(
    [
        "deleted",
        "deprecated",
        "owner_added",
        "owner_removed",
        "published",
        "undeprecated",
        "unyanked",
        "yanked",
    ]
)


def check_event_kind(value: str) -> EventKind:
    # A value that a later contract adds passes: answers may grow.
    return cast(EventKind, value)
