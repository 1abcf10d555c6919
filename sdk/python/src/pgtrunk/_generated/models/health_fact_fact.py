from typing import Literal, cast

HealthFactFact = Literal[
    "deprecated",
    "last_release",
    "license",
    "newest_postgres",
    "owners",
    "platforms",
    "postgres_delay_days",
    "readme",
    "releases_a_year",
    "releases_last_12_months",
    "supported_postgres",
    "yanked_share",
]

HEALTH_FACT_FACT_VALUES: frozenset[HealthFactFact] = frozenset(
    [
        "deprecated",
        "last_release",
        "license",
        "newest_postgres",
        "owners",
        "platforms",
        "postgres_delay_days",
        "readme",
        "releases_a_year",
        "releases_last_12_months",
        "supported_postgres",
        "yanked_share",
    ]
)


def check_health_fact_fact(value: str) -> HealthFactFact:
    # A value that a later contract adds passes: answers may grow.
    return cast(HealthFactFact, value)
