"""Answers, faults and attempts, with both clients."""

from __future__ import annotations

import datetime
import json
import re
import threading
from pathlib import Path

import pytest
from conftest import QUICK, Connect, Request, Serve

import pgtrunk
from pgtrunk import NetworkError, RequestTimeout, Retry, TrunkError, models, operations, problems
from pgtrunk._answers import retry_after
from pgtrunk._generated.types import parse_datetime

STATE = '{"name": "pgmq", "version": "1.0.0", "yanked": null}'


def test_version_is_that_of_the_contract() -> None:
    contract = (Path(__file__).parents[3] / "openapi.yaml").read_text()
    found = re.search(r"^  version: (\S+)$", contract, re.MULTILINE)
    assert found is not None
    assert pgtrunk.__version__ == found[1]


def test_every_code_has_a_class() -> None:
    contract = (Path(__file__).parents[3] / "openapi.yaml").read_text()
    codes = re.findall(r"^        - (\w+)$", contract.partition("    ProblemCode:\n")[2], re.MULTILINE)
    assert sorted(problems.BY_CODE) == sorted(codes)
    assert problems.BY_CODE["artefact_exists"] is problems.ArtefactExists


def test_headers(serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(lambda request: request.json("[]"))
    connect(server).projects()
    connect(server, "mine").projects()
    monkeypatch.setenv("TRUNK_API_TOKEN", "of the environment")
    connect(server).projects()
    connect(server, "").projects()
    assert [request.headers["Authorization"] for request in server.requests] == [
        None,
        "Bearer mine",
        "Bearer of the environment",
        None,
    ]
    assert server.requests[0].headers["User-Agent"] == f"pgtrunk-python/{pgtrunk.__version__}"


def test_the_token_is_not_shown() -> None:
    with pgtrunk.Client("http://localhost:1", "secret") as client:
        assert "secret" not in repr(client) + repr(client._connection)


@pytest.mark.parametrize("url", ["localhost:8080", "ftp://example.org", "https://", "https://example.org/?q=1", ""])
def test_wrong_base_urls_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="address of a registry"):
        pgtrunk.Client(url)


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_names_cannot_lead_elsewhere(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be part of an address"):
        operations.get_project(name)


def test_names_are_quoted(serve: Serve, connect: Connect) -> None:
    server = serve(lambda request: request.json("[]"))
    connect(server).project("a/../b?c")
    assert server.requests[0].path == "/api/v1/trunk-projects/a%2F..%2Fb%3Fc?all=false"


def test_a_problem_is_of_its_code(serve: Serve, connect: Connect) -> None:
    more = ', "errors": [{"pointer": "/vers", "detail": "Not a version."}]'
    client = connect(serve(lambda request: request.problem(422, "metadata_invalid", more)))
    with pytest.raises(problems.MetadataInvalid) as caught:
        client.me()
    error = caught.value
    assert (error.status, error.code, error.title, error.detail, error.request_id) == (422, "metadata_invalid", "T", "D.", "i")
    assert [(field.pointer, field.detail) for field in error.errors] == [("/vers", "Not a version.")]
    assert str(error) == "D.\n  /vers: Not a version. [metadata_invalid, HTTP 422, request i]"


def test_an_unknown_code_is_the_base(serve: Serve, connect: Connect) -> None:
    client = connect(serve(lambda request: request.problem(418, "later")))
    with pytest.raises(TrunkError) as caught:
        client.me()
    assert (type(caught.value), caught.value.code, caught.value.status) == (TrunkError, "later", 418)


@pytest.mark.parametrize("status", [200, 404])
def test_a_proxys_page_is_the_base(serve: Serve, connect: Connect, status: int) -> None:
    page = b"<html>" + b"x" * 1000
    client = connect(serve(lambda request: request.answer(status, page, Content_Type="text/html", X_Request_Id="r")))
    with pytest.raises(TrunkError) as caught:
        client.me()
    error = caught.value
    assert (type(error), error.code, error.status, error.request_id) == (TrunkError, None, status, "r")
    assert error.detail == page[:500].decode()


def test_busy_is_asked_again(serve: Serve, connect: Connect) -> None:
    def do(request: Request) -> None:
        if request.number < 4:
            request.problem([429, 502, 503][request.number - 1], "overloaded", Retry_After="0")
        else:
            request.json("[]")

    server = serve(do)
    assert connect(server).projects() == []
    assert len(server.requests) == 4


@pytest.mark.parametrize(("retries", "asked"), [(0, 1), (3, 4)])
def test_attempts_end(serve: Serve, connect: Connect, retries: int, asked: int) -> None:
    server = serve(lambda request: request.problem(503, "draining"))
    with pytest.raises(problems.Draining):
        connect(server, retry=Retry(retries=retries, base=0.001)).projects()
    assert len(server.requests) == asked


def test_what_is_not_safe_is_not_repeated(serve: Serve, connect: Connect) -> None:
    server = serve(lambda request: request.problem(503, "overloaded"))
    with pytest.raises(problems.Overloaded):
        connect(server).create_token("CI")
    assert len(server.requests) == 1


def test_withdrawing_is_safe_to_repeat(serve: Serve, connect: Connect) -> None:
    def do(request: Request) -> None:
        assert json.loads(request.body) == {"reason": "Loses data."}
        request.problem(503, "overloaded") if request.number == 1 else request.json(STATE)

    server = serve(do)
    assert connect(server).yank("pgmq", "1.0.0", "Loses data.").yanked is None
    assert len(server.requests) == 2


def test_a_long_retry_after_is_told_at_once(serve: Serve, connect: Connect) -> None:
    server = serve(lambda request: request.problem(429, "rate_limited", Retry_After="61"))
    with pytest.raises(problems.RateLimited) as caught:
        connect(server).projects()
    assert caught.value.retry_after == 61
    assert len(server.requests) == 1


def test_retry_after() -> None:
    now = datetime.datetime(2026, 11, 26, 8, 0, tzinfo=datetime.timezone.utc)
    assert retry_after("5", now) == 5
    assert retry_after("Thu, 26 Nov 2026 08:00:30 GMT", now) == 30
    assert retry_after("Thu, 26 Nov 2026 07:00:00 GMT", now) == 0
    assert retry_after("soon", now) is None
    assert retry_after(None, now) is None


def test_delays() -> None:
    longest = Retry(retries=9, uniform=lambda low, high: low + high)
    busy = TrunkError("", status=503)
    assert [longest.delay(attempt, busy) for attempt in range(1, 10)] == [0.25, 0.5, 1, 2, 4, 8, 8, 8, 8]
    assert longest.delay(10, busy) is None
    assert longest.delay(1, TrunkError("", status=503, retry_after=60)) == 60
    assert longest.delay(1, NetworkError("")) == 0.25
    for final in [TrunkError("", status=500), TrunkError("", status=404), RequestTimeout(""), TrunkError("")]:
        assert longest.delay(1, final) is None


def test_a_broken_connection_is_tried_again(serve: Serve, connect: Connect) -> None:
    server = serve(lambda request: request.drop() if request.number == 1 else request.json("[]"))
    assert connect(server).projects() == []
    assert len(server.requests) == 2


def test_nobody_there(serve: Serve, connect: Connect) -> None:
    server = serve(lambda request: request.json("[]"))
    client = connect(server)
    server.close()
    with pytest.raises(NetworkError, match=re.escape(server.url)):
        client.projects()


def test_a_silent_registry(serve: Serve, connect: Connect) -> None:
    ended = threading.Event()

    def do(request: Request) -> None:
        ended.wait(20)
        request.drop()

    server = serve(do)
    try:
        with pytest.raises(RequestTimeout):
            connect(server).projects(timeout=0.1)
        assert len(server.requests) == 1
    finally:
        ended.set()


def test_pages(serve: Serve, connect: Connect) -> None:
    def do(request: Request) -> None:
        following = "null" if "cursor=two" in request.path else '"two"'
        item = (
            f'{{"project": "p{request.number}", "user": "bob", "invited_by": "alice", "transfer": false, '
            '"created_at": "2026-10-14T05:06:07.1Z"}'
        )
        request.json(f'{{"items": [{item}], "next_cursor": {following}}}')

    server = serve(do)
    found = list(connect(server).paginate(lambda cursor: operations.list_my_invitations(limit=1, cursor=cursor)))
    assert [invitation.project for invitation in found] == ["p1", "p2"]
    assert [request.path.partition("?")[2] for request in server.requests] == ["limit=1", "limit=1&cursor=two"]


def test_answers_may_grow() -> None:
    download = {"link": "l", "pg_version": 19, "platform": "linux/loong64", "sha256": "0", "signature": "new"}
    read = models.Download.from_dict(download)
    assert str(read.platform) == "linux/loong64"
    assert read.additional_properties == {"signature": "new"}


@pytest.mark.parametrize(
    ("text", "microsecond"),
    [("07Z", 0), ("07.5Z", 500000), ("07.58979Z", 589790), ("07.589793123Z", 589793), ("07.589793+00:00", 589793)],
)
def test_times(text: str, microsecond: int) -> None:
    moment = datetime.datetime(2026, 10, 14, 5, 6, 7, microsecond, tzinfo=datetime.timezone.utc)
    assert parse_datetime("2026-10-14T05:06:" + text) == moment


def test_a_client_of_ones_own_stays_open(serve: Serve) -> None:
    import httpx

    server = serve(lambda request: request.json("[]"))
    with httpx.Client() as http:
        with pgtrunk.Client(server.url, http=http, retry=QUICK) as client:
            client.projects()
        assert not http.is_closed
