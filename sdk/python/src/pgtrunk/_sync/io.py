"""What the synchronous client does where the asynchronous one does something else; `_async/io.py` is its counterpart."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeAlias, TypeVar

import httpx

T = TypeVar("T")
P = TypeVar("P")

Attempt: TypeAlias = Callable[[], T]
HTTPClient: TypeAlias = httpx.Client

sleep = time.sleep


def run(function: Callable[[P], T], argument: P) -> T:
    """Calls a function that may take a while."""
    return function(argument)
