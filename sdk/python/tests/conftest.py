"""A server that does what a test says, and both clients by the same calls."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

import pgtrunk


class Request:
    """What a client sent, and how to answer it."""

    def __init__(self, handler: BaseHTTPRequestHandler, number: int) -> None:
        self.handler = handler
        self.number = number
        self.method = handler.command
        self.path = handler.path
        self.headers = handler.headers
        self.size = 0
        self._body: bytes | None = None

    def pieces(self) -> Iterator[bytes]:
        """The body, piece by piece."""
        if self.headers.get("Transfer-Encoding") == "chunked":
            while size := int(self.handler.rfile.readline(), 16):
                yield self.handler.rfile.read(size)
                self.handler.rfile.readline()
            self.handler.rfile.readline()
            return
        left = int(self.headers.get("Content-Length", "0"))
        while left:
            piece = self.handler.rfile.read(min(left, 65536))
            left -= len(piece)
            yield piece

    @property
    def body(self) -> bytes:
        if self._body is None:
            self._body = b"".join(self.pieces())
        return self._body

    def answer(self, status: int, body: bytes = b"", *, promised: int = 0, **headers: str) -> None:
        self.handler.send_response(status)
        for name, value in headers.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.send_header("Content-Length", str(promised or len(body)))
        self.handler.end_headers()
        self.handler.wfile.write(body)
        self.handler.wfile.flush()

    def json(self, body: str, status: int = 200, **headers: str) -> None:
        self.answer(status, body.encode(), promised=0, Content_Type="application/json", **headers)

    def problem(self, status: int, code: str, more: str = "", **headers: str) -> None:
        body = f'{{"type": "/problems/{code}", "title": "T", "status": {status}, "code": "{code}"'
        body += f', "detail": "D.", "instance": "i"{more}}}'
        self.answer(status, body.encode(), promised=0, Content_Type="application/problem+json", **headers)

    def drop(self) -> None:
        """Ends the connection without another word."""
        self.handler.close_connection = True


class Server:
    """A server of this machine that answers each request as it is told."""

    def __init__(self, do: Callable[[Request], None]) -> None:
        self.requests: list[Request] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_it(self) -> None:
                request = Request(self, len(server.requests) + 1)
                server.requests.append(request)
                do(request)

            do_GET = do_POST = do_DELETE = handle_it  # noqa: N815

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self.http.shutdown()
        self.http.server_close()


Serve = Callable[[Callable[[Request], None]], Server]


@pytest.fixture
def serve() -> Iterator[Serve]:
    servers: list[Server] = []

    def start(do: Callable[[Request], None]) -> Server:
        servers.append(Server(do))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


class Blocking:
    """The asynchronous client, called as the synchronous one is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.loop = asyncio.new_event_loop()
        self.client = pgtrunk.AsyncClient(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.client, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            given = method(*args, **kwargs)
            return self.loop.run_until_complete(given if inspect.isawaitable(given) else collect(given))

        return call

    def close(self) -> None:
        self.loop.run_until_complete(self.client.aclose())
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()


async def collect(items: AsyncIterator[Any]) -> list[Any]:
    return [item async for item in items]


Connect = Callable[..., Any]
QUICK = pgtrunk.Retry(base=0.001)


@pytest.fixture(params=["sync", "async"])
def connect(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connect]:
    """Makes a client of either kind, which waits but for a moment between attempts."""
    monkeypatch.delenv("TRUNK_API_TOKEN", raising=False)
    clients: list[Any] = []

    def make(server: Server, token: str | None = None, **kwargs: Any) -> Any:
        kind = pgtrunk.Client if request.param == "sync" else Blocking
        clients.append(kind(server.url, token, **{"retry": QUICK, **kwargs}))
        return clients[-1]

    yield make
    for client in clients:
        client.close()
