from typing import Any

import httpx

from ...models.program import Program
from ...types import Operation


def _parse(response: httpx.Response) -> Program:
    if response.status_code == 200:
        response_200 = Program.from_dict(response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def get_version() -> Operation[Program]:
    """Which contract is served, by which build

    The version of the contract is [SemVer](https://semver.org): a client that was made for one works with every later
    one of the same major.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="get_version",
        method="get",
        path="/version",
        parse=_parse,
        **_kwargs,
    )
