from typing import Any

import httpx

from ...types import Operation


def _parse(response: httpx.Response) -> str:
    if response.status_code == 200:
        response_200 = response.text
        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def get_contract_yaml() -> Operation[str]:
    """This contract as YAML

    The same document as `/api-docs/openapi.json`.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="get_contract_yaml",
        method="get",
        path="/api-docs/openapi.yaml",
        parse=_parse,
        **_kwargs,
    )
