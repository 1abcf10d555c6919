# Made by `generate` from asynchronous/scenario.py; do not edit.
"""What each client library has to do with a registry, step by step; the same in all languages."""

import json
import os
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from pgtrunk import Client, DigestMismatch, Metadata, RequestTimeout, TrunkError, models, operations, problems

from . import io

Step: TypeAlias = Callable[[], None]


class Scenario:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = os.environ["TRUNK_REGISTRY_URL"]
        self.trouble = os.environ["TRUNK_TROUBLE_URL"]
        self.narrow = os.environ["TRUNK_NARROW_TOKEN"]
        self.mail = os.environ["TRUNK_MAIL_URL"]
        self.name = os.environ["TRUNK_SCENARIO_PROJECT"]
        self.archive = Path(os.environ["TRUNK_SCENARIO_ARCHIVE"])
        self.other_archive = Path(os.environ["TRUNK_SCENARIO_OTHER_ARCHIVE"])
        self.metadata = Metadata(name=self.name, vers="1.0.0", description="Tried by the Python client", license_="PostgreSQL")
        self.client = Client(self.url)

    def publish(self) -> None:
        assert self.name in self.client.publish(self.metadata, self.archive)

    def publish_again(self) -> None:
        with open(self.archive, "rb") as stream:
            self.client.publish(self.metadata, stream)

    def other_bytes(self) -> None:
        try:
            self.client.publish(self.metadata, self.other_archive)
        except problems.ArtefactExists as error:
            told(error, 409)
        else:
            raise AssertionError("other bytes were taken")

    def search(self) -> None:
        names = [item.name for item in self.client.search(page_size=50)]
        total = (self.client.send(operations.search())).total.value
        assert len(names) == len(set(names)) == total > 100, (len(names), len(set(names)), total)
        found = [item.name for item in self.client.search(self.name)]
        assert found[0] == self.name, found

    def resolve(self) -> None:
        build = self.client.resolve(self.name, 17)
        assert (build.project, build.version, build.pg_version, build.platform) == (self.name, "1.0.0", 17, "linux/amd64")
        try:
            self.client.resolve(self.name, 14)
        except problems.ArtefactUnknown as error:
            told(error, 404)
        else:
            raise AssertionError("there is a build for PostgreSQL 14")

    def download(self) -> None:
        path = self.client.download(self.client.resolve(self.name, 17), self.folder / "archive.tar.gz")
        assert path.read_bytes() == self.archive.read_bytes()
        path.unlink()

    def tampered(self) -> None:
        with Client(self.trouble + "/tampers") as client:
            build = client.resolve(self.name, 17)
            try:
                client.download(build, self.folder / "archive.tar.gz")
            except DigestMismatch as error:
                assert error.expected == build.sha256 != error.actual
            else:
                raise AssertionError("a tampered archive was taken")
        assert not list(self.folder.iterdir())

    def statistics(self) -> None:
        def counted() -> bool:
            return (self.client.stats(self.name)).downloads.total >= 1

        until(counted)

    def follow(self) -> None:
        address = f"sdk-{io.NAME}@example.org"
        asked = self.client.follow(self.name, address, pg_version=17)
        assert isinstance(asked, models.SubscriptionAsked)

        def caught() -> bool:
            with urllib.request.urlopen(self.mail + "/messages") as response:  # noqa: S310
                letters = json.load(response)
            return any(address in letter["to"] and self.name in letter["text"] for letter in letters)

        until(caught)

    def yank(self) -> None:
        reason = "It was a trial."
        state = self.client.yank(self.name, "1.0.0", reason)
        assert state.yanked is not None
        assert state.yanked.reason == reason
        version = self.client.version(self.name, "1.0.0")
        assert version is not None
        assert version.yanked_reason == reason
        assert (self.client.unyank(self.name, "1.0.0")).yanked is None

    def scope(self) -> None:
        with Client(self.url, self.narrow) as client:
            try:
                client.yank(self.name, "1.0.0", "It may not.")
            except problems.ScopeMissing as error:
                told(error, 403)
            else:
                raise AssertionError("the narrow token yanked")

    def unavailable(self) -> None:
        with Client(f"{self.trouble}/unavailable/{io.NAME}") as client:
            start = time.monotonic()
            assert len(client.project(self.name)) == 1
            assert time.monotonic() - start >= 2

    def hangs(self) -> None:
        with Client(self.trouble + "/hangs") as client:
            start = time.monotonic()
            try:
                client.project(self.name, timeout=1)
            except RequestTimeout:
                assert 0.9 < time.monotonic() - start < 3
            else:
                raise AssertionError("a registry that hangs answered")
            io.ends_when_cancelled(client, self.name)


def told(error: TrunkError, status: int) -> None:
    assert error.status == status
    assert error.detail
    assert error.request_id


def until(condition: Callable[[], bool]) -> None:
    """Waits until something is so, for 30 s."""
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "it did not come about within 30 s"
        io.sleep(0.05)


def run() -> None:
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        s = Scenario(Path(folder))
        steps: list[tuple[str, Step]] = [
            ("publish", s.publish),
            ("publish again", s.publish_again),
            ("other bytes", s.other_bytes),
            ("search", s.search),
            ("resolve", s.resolve),
            ("download", s.download),
            ("tampered", s.tampered),
            ("statistics", s.statistics),
            ("follow", s.follow),
            ("yank", s.yank),
            ("scope", s.scope),
            ("unavailable", s.unavailable),
            ("hangs", s.hangs),
        ]
        for name, step in steps:
            start = time.monotonic()
            step()
            print(f"scenario {io.NAME}: {name} {(time.monotonic() - start) * 1000:.0f} ms", flush=True)
        s.client.close()
    print(f"scenario {io.NAME}: passed in {time.monotonic() - begin:.1f} s", flush=True)


if __name__ == "__main__":
    io.main(run)
