"""When a request is sent again, and after how long. Nothing here does input or output."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from attrs import field, frozen

from ._errors import NetworkError, TrunkError
from ._generated import Operation

_METHODS = frozenset({"get", "head", "put", "delete"})
# Doing these twice is as doing them once.
_OPERATIONS = frozenset(
    {
        "yank_version",
        "unyank_version",
        "deprecate_project",
        "undeprecate_project",
        "follow_project",
        "follow_category",
        "follow_user",
    }
)
_STATUSES = frozenset({429, 502, 503, 504})


def repeatable(operation: Operation[Any]) -> bool:
    """Whether an operation may be sent again when it is not known what became of it."""
    return operation.method in _METHODS or operation.name in _OPERATIONS


@frozen(kw_only=True)
class Retry:
    """How often a request is sent again that is safe to repeat.

    That is done when the connection breaks, and when the answer is 429, 502, 503 or 504. A timeout is not repeated.
    """

    retries: int = 3
    """How often at most, after the first time; 0 for never."""
    base: float = 0.25
    """The first wait is up to so many seconds, at random; each one after that up to twice as many."""
    cap: float = 8.0
    """The longest of those waits, in seconds."""
    longest_retry_after: float = 60.0
    """A `Retry-After` up to so many seconds is obeyed; a longer one is raised at once."""
    uniform: Callable[[float, float], float] = field(default=random.uniform, repr=False)
    """Where the random waits come from."""

    def delay(self, attempt: int, error: TrunkError) -> float | None:
        """How many seconds to wait after the attempt of that number, which began with 1; None to give up."""
        if attempt > self.retries:
            return None
        if not isinstance(error, NetworkError) and error.status not in _STATUSES:
            return None
        wait = self.uniform(0, min(self.cap, self.base * 2 ** (attempt - 1)))
        if error.retry_after is None:
            return wait
        if error.retry_after > self.longest_retry_after:
            return None
        return max(wait, error.retry_after)
