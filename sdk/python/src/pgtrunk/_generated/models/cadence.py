from typing import Literal, cast

Cadence = Literal["daily", "immediate"]

CADENCE_VALUES: frozenset[Cadence] = frozenset(
    [
        "daily",
        "immediate",
    ]
)


def check_cadence(value: str) -> Cadence:
    # A value that a later contract adds passes: answers may grow.
    return cast(Cadence, value)
