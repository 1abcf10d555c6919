"""The form in which an archive is published. Nothing here does input or output."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

from attrs import frozen

from ._generated.models import Metadata

CHUNK = 256 * 1024


@frozen
class Framing:
    """What stands before and after the archive in a body of `multipart/form-data`, which is never in memory as a whole."""

    content_type: str
    before: bytes
    after: bytes

    def length(self, archive: int) -> int:
        """The length of the body around an archive of so many bytes."""
        return len(self.before) + archive + len(self.after)


def framing(metadata: Metadata | Mapping[str, Any], boundary: str | None = None) -> Framing:
    """The metadata first, then the archive, as the registry demands."""
    boundary = boundary or secrets.token_hex(16)
    said = metadata.to_dict() if isinstance(metadata, Metadata) else dict(metadata)
    before = (
        f"--{boundary}\r\n"
        'Content-Disposition: form-data; name="metadata"\r\n'
        "Content-Type: application/json\r\n\r\n"
        f"{json.dumps(said)}\r\n"
        f"--{boundary}\r\n"
        'Content-Disposition: form-data; name="file"; filename="archive.tar.gz"\r\n'
        "Content-Type: application/gzip\r\n\r\n"
    )
    return Framing(f"multipart/form-data; boundary={boundary}", before.encode(), f"\r\n--{boundary}--\r\n".encode())


def piece(value: object) -> bytes:
    """A piece of an archive, which has to be bytes: a file that was opened as text is a mistake."""
    if not isinstance(value, (bytes, bytearray, memoryview)):
        raise TypeError(f"an archive is read as bytes, not as {type(value).__name__}; open it with mode 'rb'")
    return bytes(value)
