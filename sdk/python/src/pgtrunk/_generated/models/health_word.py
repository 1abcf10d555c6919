from typing import Literal, cast

HealthWord = Literal[
    "active", "deprecated", "maintained", "outdated", "quiet", "withdrawn"
]

HEALTH_WORD_VALUES: frozenset[HealthWord] = frozenset(
    [
        "active",
        "deprecated",
        "maintained",
        "outdated",
        "quiet",
        "withdrawn",
    ]
)


def check_health_word(value: str) -> HealthWord:
    # A value that a later contract adds passes: answers may grow.
    return cast(HealthWord, value)
