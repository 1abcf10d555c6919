"""What the generated models and operations have in common."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from typing import Any, Generic, Literal, TypeVar
from urllib.parse import quote

import httpx
from attrs import field, frozen

T_co = TypeVar("T_co", covariant=True)


class Unset:
    """The type of what was not given, which differs from None where the contract takes null."""

    def __bool__(self) -> Literal[False]:
        return False


UNSET: Unset = Unset()


@frozen
class Operation(Generic[T_co]):
    """A request that was not sent yet, and how its answer is read; `Client.send` and `AsyncClient.send` send it."""

    name: str
    """The `operationId` of the contract, in snake case."""
    method: str
    """The method, in lower case."""
    path: str
    """The path below the base URL."""
    parse: Callable[[httpx.Response], T_co] = field(repr=False)
    """Makes the result of an answer with a status of success."""
    params: Mapping[str, Any] = field(factory=dict)
    """The query."""
    json: Any = None
    """The body; None for no body."""
    headers: Mapping[str, str] = field(factory=dict)
    """Headers that belong to the operation."""


def segment(value: object) -> str:
    """One segment of a path, which cannot lead to another path than the one it is put into."""
    text = str(value)
    if text in {"", ".", ".."}:
        raise ValueError(f"{text!r} cannot be part of an address")
    return quote(text, safe="")


_FRACTION = re.compile(r"\.(\d+)")


def parse_datetime(text: str) -> datetime.datetime:
    """Reads a time of RFC 3339, which `fromisoformat` takes in full from Python 3.11 on only."""
    text = re.sub(r"[Zz]$", "+00:00", text)
    return datetime.datetime.fromisoformat(
        _FRACTION.sub(lambda digits: "." + digits[1][:6].ljust(6, "0"), text, count=1)
    )


__all__ = ["UNSET", "Operation", "Unset", "parse_datetime", "segment"]
