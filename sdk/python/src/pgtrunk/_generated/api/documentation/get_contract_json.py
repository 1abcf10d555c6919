from typing import Any

import httpx

from ...models.get_contract_json_response_200 import GetContractJsonResponse200
from ...types import Operation


def _parse(response: httpx.Response) -> GetContractJsonResponse200:
    if response.status_code == 200:
        response_200 = GetContractJsonResponse200.from_dict(response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def get_contract_json() -> Operation[GetContractJsonResponse200]:
    """This contract as JSON

    The OpenAPI document that the server, the clients and these pages are made from.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="get_contract_json",
        method="get",
        path="/api-docs/openapi.json",
        parse=_parse,
        **_kwargs,
    )
