from typing import Any

import httpx

from ...models.event_kind import EventKind
from ...models.events import Events
from ...types import UNSET, Operation, Unset


def _parse(response: httpx.Response) -> Events:
    if response.status_code == 200:
        response_200 = Events.from_dict(response.json())

        return response_200

    raise ValueError(f"the contract has no answer {response.status_code} here")


def list_events(
    *,
    since: int | Unset = 0,
    limit: int | Unset = 100,
    kind: EventKind | Unset = UNSET,
    project: str | Unset = UNSET,
) -> Operation[Events]:
    """What happened after an event

    Everything that happened to projects since the registry began, in the order in which it was decided. Begin without
    `since`, and go on with each answer's `next`: nothing is left out and nothing comes twice, whatever happens
    meanwhile. An event never changes. It is numbered when its change becomes visible, so once an event is there none
    with a lower number appears any more. Where less than `limit` comes, that is all there is for now.

    Args:
        since (int | Unset): The `next` of the answer before; 0 begins with the first event. A number that
            was not given yet is refused. Default: 0.
        limit (int | Unset): How many events to give at most. Default: 100.
        kind (EventKind | Unset): What happened: a build was `published`; a version was `yanked`, `unyanked`
            or `deleted`; a project was `deprecated`
            or `undeprecated`; an owner was added to it (`owner_added`), as whoever publishes it first is, or
            removed
            (`owner_removed`). A yank or a deprecation whose reason changes is another event. More kinds may
            come.
        project (str | Unset): Only about the project of this name, whatever its case. One that is not there
            has no events.
    """

    params: dict[str, Any] = {}

    params["since"] = since

    params["limit"] = limit

    json_kind: str | Unset = UNSET
    if not isinstance(kind, Unset):
        json_kind = kind

    params["kind"] = json_kind

    params["project"] = project

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {}
    return Operation(
        name="list_events",
        method="get",
        path="/api/v1/events",
        parse=_parse,
        params=params,
        **_kwargs,
    )
