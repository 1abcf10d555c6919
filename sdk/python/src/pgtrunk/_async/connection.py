"""Requests to one registry: sent, repeated where that is safe, and their answers read."""

from __future__ import annotations

from typing import TypeVar

import httpx
from attrs import define, field

from .._answers import headers, result, transport_fault
from .._errors import TrunkError
from .._generated import Operation
from .._retry import Retry, repeatable
from . import io

T = TypeVar("T")


@define
class Connection:
    """A registry and how it is spoken to."""

    base_url: str
    token: str | None = field(repr=False)
    timeout: float | None
    retry: Retry
    http: io.HTTPClient

    def limits(self, timeout: float | None) -> httpx.Timeout:
        """The timeout of one request: of connecting, of each write, and of each read."""
        return httpx.Timeout(self.timeout if timeout is None else timeout)

    async def send(self, operation: Operation[T], *, timeout: float | None = None, token: str | None = None) -> T:
        """Sends an operation, and reads its answer."""

        async def attempt() -> T:
            try:
                response = await self.http.request(
                    operation.method.upper(),
                    self.base_url + operation.path,
                    params=operation.params,
                    json=operation.json,
                    headers={**headers(token or self.token), **operation.headers},
                    timeout=self.limits(timeout),
                    follow_redirects=False,
                )
            except httpx.RequestError as error:
                raise transport_fault(error) from error
            return result(response, operation.parse)

        return await self.repeat(attempt, safe=repeatable(operation))

    async def repeat(self, attempt: io.Attempt[T], *, safe: bool) -> T:
        """Makes attempts until one succeeds, or there is no use in another."""
        number = 0
        while True:
            number += 1
            try:
                return await attempt()
            except TrunkError as error:
                delay = self.retry.delay(number, error) if safe else None
                if delay is None:
                    raise
            await io.sleep(delay)
