from typing import Any

import httpx

from ...models.registry_stats import RegistryStats
from ...types import Operation


def _parse(response: httpx.Response) -> RegistryStats:
    if response.status_code == 200:
        response_200 = RegistryStats.from_dict(response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def get_registry_stats() -> Operation[RegistryStats]:
    """How much there is, and how much of it is used

    The registry as a whole, some seconds old. Downloads, installers and robots are those of a project's `stats`, summed
    over all projects.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="get_registry_stats",
        method="get",
        path="/api/v1/stats",
        parse=_parse,
        **_kwargs,
    )
