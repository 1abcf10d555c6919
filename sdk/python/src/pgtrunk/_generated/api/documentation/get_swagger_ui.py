from typing import Any

import httpx

from ...types import Operation


def _parse(response: httpx.Response) -> str:
    if response.status_code == 200:
        response_200 = response.text
        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def get_swagger_ui() -> Operation[str]:
    """This contract to try out

    Swagger UI, served from here; authorise with a token to publish.
    """

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="get_swagger_ui",
        method="get",
        path="/swagger-ui/",
        parse=_parse,
        **_kwargs,
    )
