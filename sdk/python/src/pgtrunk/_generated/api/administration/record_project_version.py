from typing import Any

import httpx

from ...models.project_version import ProjectVersion
from ...models.project_version_record import ProjectVersionRecord
from ...types import Operation


def _parse(response: httpx.Response) -> ProjectVersion:
    if response.status_code == 200:
        response_200 = ProjectVersion.from_dict(response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def record_project_version(
    *,
    body: ProjectVersionRecord,
) -> Operation[ProjectVersion]:
    """Record a version whose archives lie elsewhere

    The links have to be https and on a host that this registry is configured to allow. What is recorded once for a
    PostgreSQL major and a platform never changes.

    Args:
        body (ProjectVersionRecord): A version whose archives lie elsewhere, in the form in which versions
            are read. What is not listed here is ignored.
    """

    _kwargs: dict[str, Any] = {}
    _kwargs["json"] = body.to_dict()

    return Operation(
        name="record_project_version",
        method="post",
        path="/admin/api/v1/trunk-projects",
        parse=_parse,
        **_kwargs,
    )
