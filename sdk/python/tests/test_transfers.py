"""Archives, up and down, with both clients."""

from __future__ import annotations

import asyncio
import email
import email.policy
import hashlib
import io
import json
import os
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Connect, Request, Serve, Server

import pgtrunk
from pgtrunk import DigestMismatch, DownloadTooLarge, Metadata, NetworkError, Resolved, TrunkError, problems

ARCHIVE = os.urandom(300_000)
METADATA = Metadata(name="pgmq", vers="1.0.0", license_="Apache-2.0")
PATH = "/api/v1/trunk-projects/pgmq/version/1.0.0/artefacts/pgmq.tar.gz"


def build(archive: bytes = ARCHIVE) -> Resolved:
    digest = hashlib.sha256(archive).hexdigest()
    return Resolved("pgmq", "1.0.0", 17, "linux/amd64", "https://elsewhere.example.org" + PATH, digest)


def parts(request: Request) -> list[Any]:
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
    return list(email.message_from_bytes(head + request.body, policy=email.policy.HTTP).iter_parts())


def taken(request: Request) -> None:
    _ = request.body
    request.answer(200, b"Successfully published\n", Content_Type="text/plain")


def published(server: Server) -> list[bytes]:
    archives = []
    for request in server.requests:
        metadata, file = parts(request)
        assert metadata.get_content_type() == "application/json"
        assert json.loads(metadata.get_payload(decode=True)) == {"name": "pgmq", "vers": "1.0.0", "license": "Apache-2.0"}
        assert (file.get_content_type(), file.get_param("name", header="content-disposition")) == ("application/gzip", "file")
        archives.append(file.get_payload(decode=True))
    return archives


def test_publish_from_a_path_twice(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    def do(request: Request) -> None:
        _ = request.body
        request.problem(503, "overloaded") if request.number == 1 else taken(request)

    (tmp_path / "a.tar.gz").write_bytes(ARCHIVE)
    server = serve(do)
    assert connect(server).publish(METADATA, tmp_path / "a.tar.gz") == "Successfully published"
    assert published(server) == [ARCHIVE, ARCHIVE]
    assert int(server.requests[0].headers["Content-Length"]) == len(server.requests[0].body)


def test_publish_from_where_a_stream_stands(serve: Serve, connect: Connect) -> None:
    stream = io.BytesIO(b"before" + ARCHIVE)
    stream.seek(6)
    server = serve(lambda request: request.problem(503, "draining") if request.body and request.number == 1 else taken(request))
    connect(server).publish(METADATA, stream)
    assert published(server) == [ARCHIVE, ARCHIVE]


class OneShot(io.RawIOBase):
    """A stream that cannot go back."""

    def __init__(self) -> None:
        self.rest = io.BytesIO(ARCHIVE)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self.rest.readinto(buffer)


def test_a_one_shot_stream_is_sent_once(serve: Serve, connect: Connect) -> None:
    def do(request: Request) -> None:
        _ = request.body
        request.problem(503, "overloaded")

    server = serve(do)
    with pytest.raises(problems.Overloaded):
        connect(server).publish(METADATA, OneShot())
    assert published(server) == [ARCHIVE]
    assert server.requests[0].headers["Transfer-Encoding"] == "chunked"


def test_text_is_no_archive(serve: Serve, connect: Connect) -> None:
    with pytest.raises(TypeError, match="open it with mode 'rb'"):
        connect(serve(taken)).publish(METADATA, io.StringIO("text"))


def test_memory_does_not_grow_with_an_upload(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    def do(request: Request) -> None:
        request.size = sum(len(piece) for piece in request.pieces())
        request.answer(200, b"ok", Content_Type="text/plain")

    size = 24 * 1024 * 1024
    with open(tmp_path / "sparse.tar.gz", "wb") as file:
        file.truncate(size)
    server = serve(do)
    client = connect(server)
    tracemalloc.start()
    try:
        client.publish(METADATA, tmp_path / "sparse.tar.gz")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert server.requests[0].size > size
    assert peak < 6 * 1024 * 1024


def nothing_left(folder: Path) -> bool:
    return not list(folder.iterdir())


def test_the_token_stays_at_its_origin(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    store = serve(lambda request: request.answer(200, ARCHIVE))
    registry = serve(lambda request: request.answer(302, Location=store.url + "/object?signature=1"))
    path = connect(registry, "secret").download(build(), tmp_path / "a.tar.gz")
    assert path.read_bytes() == ARCHIVE
    assert [file.name for file in tmp_path.iterdir()] == ["a.tar.gz"]
    assert registry.requests[0].path == PATH
    assert registry.requests[0].headers["Authorization"] == "Bearer secret"
    assert store.requests[0].headers["Authorization"] is None
    assert store.requests[0].headers["Accept-Encoding"] == "identity"


def test_other_bytes_are_not_kept(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    target = tmp_path / "a.tar.gz"
    target.write_bytes(b"what was there")
    server = serve(lambda request: request.answer(200, ARCHIVE[:-1] + b"!"))
    with pytest.raises(DigestMismatch) as caught:
        connect(server).download(build(ARCHIVE[:-1] + b"?"), target)
    assert caught.value.actual == hashlib.sha256(ARCHIVE[:-1] + b"!").hexdigest()
    assert target.read_bytes() == b"what was there"
    assert [file.name for file in tmp_path.iterdir()] == ["a.tar.gz"]
    assert len(server.requests) == 1


def test_a_download_that_breaks_off_begins_anew(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    def do(request: Request) -> None:
        if request.number == 1:
            request.answer(200, ARCHIVE[:1000], promised=len(ARCHIVE))
            request.drop()
        else:
            request.answer(200, ARCHIVE)

    server = serve(do)
    assert connect(server).download(build(), tmp_path / "a.tar.gz").read_bytes() == ARCHIVE
    assert len(server.requests) == 2


def test_a_download_that_always_breaks_off_leaves_nothing(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    def do(request: Request) -> None:
        request.answer(200, ARCHIVE[:1000], promised=len(ARCHIVE))
        request.drop()

    with pytest.raises(NetworkError):
        connect(serve(do)).download(build(), tmp_path / "a.tar.gz")
    assert nothing_left(tmp_path)


def test_a_limit(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    client = connect(serve(lambda request: request.answer(200, ARCHIVE)))
    with pytest.raises(DownloadTooLarge):
        client.download(build(), tmp_path / "a.tar.gz", max_bytes=len(ARCHIVE) - 1)
    assert nothing_left(tmp_path)
    client.download(build(), tmp_path / "a.tar.gz", max_bytes=len(ARCHIVE))


def test_the_stores_refusal(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    client = connect(serve(lambda request: request.answer(403, b"<Error>" + b"x" * 100_000, Content_Type="application/xml")))
    with pytest.raises(TrunkError, match="<Error>") as caught:
        client.download(build(), tmp_path / "a.tar.gz")
    assert (caught.value.status, caught.value.code, len(caught.value.detail)) == (403, None, 500)
    assert nothing_left(tmp_path)


def test_a_folder_is_no_file(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    server = serve(lambda request: request.answer(200, ARCHIVE))
    with pytest.raises(IsADirectoryError):
        connect(server).download(build(), tmp_path)
    assert not server.requests


@pytest.fixture
def half() -> Iterator[threading.Event]:
    """Lets servers end that are in the middle of an answer."""
    event = threading.Event()
    yield event
    event.set()


def test_a_cancelled_download_leaves_nothing(serve: Serve, half: threading.Event, tmp_path: Path) -> None:
    def do(request: Request) -> None:
        request.answer(200, ARCHIVE, promised=len(ARCHIVE) + 1)
        half.wait(20)

    server = serve(do)

    async def run() -> None:
        async with pgtrunk.AsyncClient(server.url) as client:
            task = asyncio.create_task(client.download(build(), tmp_path / "a.tar.gz"))
            while sum(file.stat().st_size for file in tmp_path.iterdir()) < 200_000:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(asyncio.wait_for(run(), 10))
    assert nothing_left(tmp_path)


def test_a_cancelled_wait_ends_at_once(serve: Serve) -> None:
    server = serve(lambda request: request.problem(503, "draining", Retry_After="50"))

    async def run() -> None:
        async with pgtrunk.AsyncClient(server.url) as client:
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(client.projects(), 0.2)

    asyncio.run(asyncio.wait_for(run(), 5))
    assert len(server.requests) == 1
