# Made by `generate` from _async/transfers.py; do not edit.
"""Archives, up and down, of which no more than a piece is in memory."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias, cast

import httpx

from .._answers import LONGEST_FAULT, fault, headers, result, transport_fault
from .._errors import DigestMismatch, DownloadTooLarge
from .._generated.models import Metadata
from .._resolved import Resolved, artefact_path
from .._upload import CHUNK, Framing, framing, piece
from . import io
from .connection import Connection

Archive: TypeAlias = str | os.PathLike[str] | BinaryIO | Iterable[bytes]


def publish(connection: Connection, metadata: Metadata | Mapping[str, Any], archive: Archive, timeout: float | None) -> str:
    """Publishes from a path, which is read anew at each attempt, or from a stream, again only where that can go back."""
    frame = framing(metadata)
    if isinstance(archive, (str, os.PathLike)):
        path = archive

        def from_path() -> str:
            with open(path, "rb") as file:
                return _post(connection, frame, _read(file), os.fstat(file.fileno()).st_size, timeout)

        return connection.repeat(from_path, safe=True)
    if not hasattr(archive, "read"):
        return _post(connection, frame, archive, None, timeout)
    stream = cast(BinaryIO, archive)
    if not stream.seekable():
        return _post(connection, frame, _read(stream), None, timeout)
    start = stream.tell()
    size = stream.seek(0, os.SEEK_END) - start

    def from_start() -> str:
        stream.seek(start)
        return _post(connection, frame, _read(stream), size, timeout)

    return connection.repeat(from_start, safe=True)


def _read(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := io.run(stream.read, CHUNK):
        yield piece(chunk)


def _body(frame: Framing, chunks: Iterable[bytes]) -> Iterator[bytes]:
    yield frame.before
    for chunk in chunks:
        yield piece(chunk)
    yield frame.after


def _post(connection: Connection, frame: Framing, chunks: Iterable[bytes], size: int | None, timeout: float | None) -> str:
    said = {**headers(connection.token), "Content-Type": frame.content_type}
    if size is not None:
        said["Content-Length"] = str(frame.length(size))
    try:
        response = connection.http.post(
            connection.base_url + "/extensions/new",
            content=_body(frame, chunks),
            headers=said,
            timeout=connection.limits(timeout),
            follow_redirects=False,
        )
    except httpx.RequestError as error:
        raise transport_fault(error) from error
    return result(response, lambda answer: answer.text.strip())


def download(
    connection: Connection, resolved: Resolved, path: str | os.PathLike[str], max_bytes: int | None, timeout: float | None
) -> Path:
    """Downloads to a file beside the path, which takes its place once the digest is right, and else is removed."""
    target = Path(path)
    if target.is_dir():
        raise IsADirectoryError(f"{target} is a folder; name the file that the archive is to become")

    def attempt() -> Path:
        partial = target.with_name(f".{secrets.token_hex(8)}.part")
        try:
            with open(partial, "xb") as file:
                actual = _fetch(connection, resolved, file, max_bytes, timeout)
            if actual != resolved.sha256:
                raise DigestMismatch(resolved.sha256, actual)
            os.replace(partial, target)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                partial.unlink()
            raise
        return target

    return connection.repeat(attempt, safe=True)


def _fetch(connection: Connection, resolved: Resolved, file: BinaryIO, max_bytes: int | None, timeout: float | None) -> str:
    digest = hashlib.sha256()
    size = 0
    request = connection.http.stream(
        "GET",
        connection.base_url + artefact_path(resolved.link),
        # The archive as it is: compressed once more it would have another digest.
        headers={**headers(connection.token), "Accept": "*/*", "Accept-Encoding": "identity"},
        timeout=connection.limits(timeout),
        # httpx leaves the token out where a redirect leads to another origin; a test sees to that.
        follow_redirects=True,
    )
    try:
        with request as response:
            if response.status_code != httpx.codes.OK:
                raise fault(response.status_code, response.headers, _beginning(response))
            for chunk in response.iter_raw(CHUNK):
                size += len(chunk)
                if max_bytes is not None and size > max_bytes:
                    raise DownloadTooLarge(
                        f"The archive is larger than the {max_bytes} bytes that were allowed. Nothing was kept."
                    )
                digest.update(chunk)
                io.run(file.write, chunk)
    except httpx.RequestError as error:
        raise transport_fault(error) from error
    return digest.hexdigest()


def _beginning(response: httpx.Response) -> bytes:
    body = b""
    for chunk in response.iter_raw(CHUNK):
        body += chunk
        if len(body) >= LONGEST_FAULT:
            break
    return body[:LONGEST_FAULT]
