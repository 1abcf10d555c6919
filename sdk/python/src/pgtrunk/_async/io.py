"""What the asynchronous client does where the synchronous one does something else; `_sync/io.py` is its counterpart."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias, TypeVar

import httpx

T = TypeVar("T")
P = TypeVar("P")

Attempt: TypeAlias = Callable[[], Awaitable[T]]
HTTPClient: TypeAlias = httpx.AsyncClient

sleep = asyncio.sleep


async def run(function: Callable[[P], T], argument: P) -> T:
    """Calls a function that may take a while, without holding up the event loop."""
    return await asyncio.to_thread(function, argument)
