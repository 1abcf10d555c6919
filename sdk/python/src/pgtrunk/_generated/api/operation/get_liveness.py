from typing import Any

import httpx

from ...models.health import Health
from ...types import Operation


def _parse(response: httpx.Response) -> Health:
    if response.status_code == 200:
        response_200 = Health.from_dict(response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def get_liveness() -> Operation[Health]:
    """Is the process alive?

    Asks nothing of the database or the object store; restart the process when it does not answer.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="get_liveness",
        method="get",
        path="/livez",
        parse=_parse,
        **_kwargs,
    )
