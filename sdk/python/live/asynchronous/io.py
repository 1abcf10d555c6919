"""What the scenario does differently with the asynchronous client."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from pgtrunk import AsyncClient

NAME = "python-async"

sleep = asyncio.sleep


def main(scenario: Callable[[], Awaitable[None]]) -> None:
    async def run() -> None:
        await scenario()

    asyncio.run(run())


async def ends_when_cancelled(client: AsyncClient, project: str) -> None:
    """A call that hangs ends at once when its task is cancelled."""
    task = asyncio.create_task(client.project(project))
    await asyncio.sleep(0.05)
    start = time.monotonic()
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        assert time.monotonic() - start < 0.5
    else:
        raise AssertionError("a cancelled call gave a result")
