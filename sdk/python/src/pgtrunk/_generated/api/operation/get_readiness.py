from typing import Any

import httpx

from ...models.health import Health
from ...types import Operation


def _parse(response: httpx.Response) -> Health:
    if response.status_code == 200:
        response_200 = Health.from_dict(response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def get_readiness() -> Operation[Health]:
    """May this process be sent requests?

    Not while PostgreSQL does not answer, and not while the process drains before it stops. An object store that
    does not answer is told but does not make the process unready: reads go on without it.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="get_readiness",
        method="get",
        path="/readyz",
        parse=_parse,
        **_kwargs,
    )
