"""What requests carry, and what answers mean. Nothing here does input or output."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import TypeVar
from urllib.parse import urlsplit

import httpx

from ._errors import NetworkError, RequestTimeout, TrunkError
from ._generated.models import ProblemField
from ._generated.types import UNSET, Unset
from ._version import __version__
from .problems import BY_CODE

T = TypeVar("T")

USER_AGENT = f"pgtrunk-python/{__version__}"
ACCEPT = "application/json, text/plain;q=0.9, */*;q=0.5"
# Of an answer that is no problem, so many characters are told.
EXCERPT = 500
# So much is read of an answer that should have been an archive.
LONGEST_FAULT = 64 * 1024


def given(value: T | None) -> T | Unset:
    """None as what was not given, for the operations, which tell null from that."""
    return UNSET if value is None else value


def checked_base_url(text: str) -> str:
    """The address below which the registry is, without a slash at the end."""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"{text!r} is not the address of a registry; it should be like https://registry.example.org")
    return text.rstrip("/")


def headers(token: str | None) -> dict[str, str]:
    """The headers of every request."""
    common = {"Accept": ACCEPT, "User-Agent": USER_AGENT}
    if token:
        common["Authorization"] = f"Bearer {token}"
    return common


def result(response: httpx.Response, parse: Callable[[httpx.Response], T]) -> T:
    """The result of an answer that was read."""
    if not response.is_success:
        raise fault(response.status_code, response.headers, response.content)
    try:
        return parse(response)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise fault(response.status_code, response.headers, response.content) from error


def fault(status: int, headers: Mapping[str, str], body: bytes) -> TrunkError:
    """The exception for an answer that is no success, or not what the contract says."""
    request_id = headers.get("X-Request-Id")
    wait = retry_after(headers.get("Retry-After"), datetime.datetime.now(datetime.timezone.utc))
    problem = _problem(headers, body)
    if problem is None:
        detail = body.decode("utf-8", "replace").strip()[:EXCERPT]
        if not detail and "Location" in headers:
            detail = f"It leads to {headers['Location']}; use that as the base URL if it is the registry."
        detail = detail or "The answer is empty."
        return TrunkError(detail, status=status, request_id=request_id, retry_after=wait)
    code = _text(problem, "code") or None
    return BY_CODE.get(code or "", TrunkError)(
        _text(problem, "detail") or _text(problem, "title"),
        status=status,
        code=code,
        title=_text(problem, "title"),
        request_id=_text(problem, "instance") or request_id,
        errors=_fields(problem.get("errors")),
        retry_after=wait,
    )


def _problem(headers: Mapping[str, str], body: bytes) -> dict[str, object] | None:
    if headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/problem+json":
        return None
    try:
        problem = json.loads(body)
    except ValueError:
        return None
    return problem if isinstance(problem, dict) else None


def _text(problem: Mapping[str, object], key: str) -> str:
    value = problem.get(key)
    return value if isinstance(value, str) else ""


def _fields(errors: object) -> list[ProblemField]:
    if not isinstance(errors, list):
        return []
    return [ProblemField(_text(error, "pointer"), _text(error, "detail")) for error in errors if isinstance(error, dict)]


def retry_after(value: str | None, now: datetime.datetime) -> float | None:
    """The seconds that a `Retry-After` asks for, which may be a date; None where it says nothing that can be read."""
    if value is None:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.timezone.utc)
    return max(0.0, (moment - now).total_seconds())


def transport_fault(error: httpx.RequestError) -> TrunkError:
    """The exception for a request that got no whole answer."""
    try:
        where = f"{error.request.url.scheme}://{error.request.url.netloc.decode('ascii')}"
    except RuntimeError:
        where = "the registry"
    what = str(error) or type(error).__name__
    if isinstance(error, httpx.TimeoutException):
        return RequestTimeout(f"{where} did not answer within the timeout ({type(error).__name__}).")
    if isinstance(error, (httpx.NetworkError, httpx.RemoteProtocolError, httpx.ProxyError)):
        return NetworkError(f"The connection to {where} failed: {what}")
    return TrunkError(f"The request to {where} failed: {what}")
