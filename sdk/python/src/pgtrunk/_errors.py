"""What goes wrong, as exceptions; `pgtrunk.problems` has one more for each code of the contract."""

from __future__ import annotations

from collections.abc import Sequence

from ._generated.models import ProblemField


class TrunkError(Exception):
    """Something went wrong. Every exception that this package raises for a request is one of these.

    An answer with a code of the contract is of that code's class in `pgtrunk.problems`; one with a code that this version
    does not know, or without any – a proxy's page – is of this very class.
    """

    status: int | None
    """The HTTP status; None where there was no answer."""
    code: str | None
    """The stable name of the fault, such as `artefact_exists`; None where the answer has none."""
    title: str
    """A few words for the code; empty where the answer has none."""
    detail: str
    """What is wrong and what to do; of an answer that is no problem, its first 500 characters."""
    request_id: str | None
    """The request's id, to ask those about it who run the registry."""
    errors: list[ProblemField]
    """Every fault of a body with several."""
    retry_after: float | None
    """Seconds to wait, where the registry says so."""

    def __init__(
        self,
        detail: str,
        *,
        status: int | None = None,
        code: str | None = None,
        title: str = "",
        request_id: str | None = None,
        errors: Sequence[ProblemField] = (),
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status
        self.code = code
        self.title = title
        self.request_id = request_id
        self.errors = list(errors)
        self.retry_after = retry_after

    def __str__(self) -> str:
        text = self.detail
        for error in self.errors:
            text += f"\n  {error.pointer}: {error.detail}"
        about = [
            self.code,
            None if self.status is None else f"HTTP {self.status}",
            None if self.request_id is None else f"request {self.request_id}",
        ]
        known = ", ".join(part for part in about if part is not None)
        return f"{text} [{known}]" if known else text


class NetworkError(TrunkError):
    """The registry could not be reached, or the connection broke."""


class RequestTimeout(TrunkError):
    """Nothing came within the timeout."""


class DigestMismatch(TrunkError):
    """What was downloaded has another SHA-256 than was published; nothing of it was kept."""

    expected: str
    """The SHA-256 that was published, in hex."""
    actual: str
    """That of the bytes that came, in hex."""

    def __init__(self, expected: str, actual: str) -> None:
        super().__init__(
            f"The archive should have the SHA-256 {expected}, and what came has {actual}. Nothing was kept; download it again."
        )
        self.expected = expected
        self.actual = actual


class DownloadTooLarge(TrunkError):
    """The archive is larger than `max_bytes`; nothing of it was kept."""
