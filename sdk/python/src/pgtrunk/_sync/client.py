# Made by `generate` from _async/client.py; do not edit.
"""The client of a registry."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, TypeVar

import httpx

from .. import operations
from .._answers import checked_base_url, given
from .._generated.models import (
    AuditEntry,
    Cadence,
    Category,
    Contents,
    DeprecationRequest,
    Event,
    EventKind,
    GetProjectDownloadsBy,
    GetProjectDownloadsGranularity,
    Invitation,
    InvitationRequest,
    ListTrendingWindow,
    Me,
    Metadata,
    NewToken,
    Platform,
    ProjectDownloads,
    ProjectHealth,
    ProjectOwner,
    ProjectState,
    ProjectStats,
    ProjectVersion,
    RegistryStats,
    Scope,
    SearchItem,
    SearchSort,
    Subscription,
    SubscriptionAsked,
    SubscriptionRequest,
    Suggestion,
    Token,
    TokenRequest,
    Trending,
    VersionState,
    YankRequest,
)
from .._resolved import Resolved, artefact, resolved
from .._retry import Retry
from . import io, transfers
from .connection import Connection

T = TypeVar("T")
Item_co = TypeVar("Item_co", covariant=True)


class Page(Protocol[Item_co]):
    """A part of a list, and where it goes on."""

    @property
    def items(self) -> Sequence[Item_co]: ...

    @property
    def next_cursor(self) -> str | None: ...


class Client:
    """A registry, for programs.

    Every method takes a `timeout`, in seconds, in place of the client's: for connecting, for each write, until the answer
    begins, and between two parts of it. Cancelling the task that waits ends a request, a download and a wait at once.

    What goes wrong is a `TrunkError`. What is safe to repeat is repeated, as `Retry` says.

    Args:
        base_url: The address of the registry, such as `https://registry.example.org`; with `/platform/linux-arm64` at its end
            there is that platform only.
        token: An API token; that of the environment variable `TRUNK_API_TOKEN` where it is None, and none where it is empty.
        timeout: The timeout of all methods that are given none, in seconds; None for no timeout.
        retry: How often a request is sent again that is safe to repeat: a number, or all that can be said of it.
        http: A client of httpx to send requests with, for proxies and certificates of your own; it is left open.
    """

    def __init__(
        self,
        base_url: str,
        token: str | None = None,
        *,
        timeout: float | None = 30.0,
        retry: int | Retry = 3,
        http: io.HTTPClient | None = None,
    ) -> None:
        self._owned = http is None
        self._connection = Connection(
            checked_base_url(base_url),
            os.environ.get("TRUNK_API_TOKEN") if token is None else token,
            timeout,
            Retry(retries=retry) if isinstance(retry, int) else retry,
            httpx.Client() if http is None else http,
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._connection.base_url!r})"

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections."""
        if self._owned:
            self._connection.http.close()

    # Everything that the contract has.

    def send(self, operation: operations.Operation[T], *, timeout: float | None = None, token: str | None = None) -> T:
        """Sends any operation of the contract, as `pgtrunk.operations` has them, with another token where one is given."""
        return self._connection.send(operation, timeout=timeout, token=token)

    def paginate(
        self, page: Callable[[str | operations.Unset], operations.Operation[Page[T]]], *, timeout: float | None = None
    ) -> Iterator[T]:
        """Every item of a list with a cursor, page after page.

        Args:
            page: The operation for a cursor, such as `lambda cursor: operations.list_invitations("pgmq", cursor=cursor)`.
        """
        cursor: str | operations.Unset = operations.UNSET
        while True:
            answer = self._connection.send(page(cursor), timeout=timeout)
            for item in answer.items:
                yield item
            if answer.next_cursor is None:
                return
            cursor = answer.next_cursor

    # Finding.

    def search(
        self,
        q: str = "",
        *,
        category: str | None = None,
        pg_version: int | None = None,
        platform: Platform | None = None,
        license: str | None = None,
        owner: str | None = None,
        trusted: bool | None = None,
        sort: SearchSort = "relevance",
        page_size: int = 100,
        timeout: float | None = None,
    ) -> Iterator[SearchItem]:
        """The projects that fit a question and filters, all of them where there is no question."""
        return self.paginate(
            lambda cursor: operations.search(
                q=q,
                category=given(category),
                pg_version=given(pg_version),
                platform=given(platform),
                license_=given(license),
                owner=given(owner),
                trusted=given(trusted),
                sort=sort,
                limit=page_size,
                cursor=cursor,
            ),
            timeout=timeout,
        )

    def suggest(self, q: str, *, timeout: float | None = None) -> list[Suggestion]:
        """What somebody who types may mean, eight at most."""
        return (self.send(operations.suggest(q=q), timeout=timeout)).items

    def projects(self, *, timeout: float | None = None) -> list[ProjectVersion]:
        """The latest version of every project, by name."""
        return self.send(operations.list_projects(), timeout=timeout)

    def project(self, name: str, *, all: bool = False, timeout: float | None = None) -> list[ProjectVersion]:
        """The versions of a project, ascending; none for one that is not there. With `all`, pre-releases and the like too."""
        return self.send(operations.get_project(name, all_=all), timeout=timeout)

    def version(self, name: str, version: str, *, timeout: float | None = None) -> ProjectVersion | None:
        """One version of a project, yanked or not; None where there is none."""
        found = self.send(operations.get_project_version(name, version), timeout=timeout)
        return found[0] if found else None

    def extension_projects(self, extension: str, *, all: bool = False, timeout: float | None = None) -> list[ProjectVersion]:
        """The versions of the project that provides the extension of that name, as in `CREATE EXTENSION`, ascending."""
        return self.send(operations.list_projects(extension_name=extension, all_=all), timeout=timeout)

    def health(self, name: str, *, timeout: float | None = None) -> ProjectHealth:
        """How a project is kept: facts, and one word that follows from them."""
        return self.send(operations.get_project_health(name), timeout=timeout)

    def contents(
        self,
        name: str,
        version: str = "latest",
        *,
        pg_version: int | None = None,
        platform: Platform = "linux/amd64",
        timeout: float | None = None,
    ) -> Contents:
        """What an archive holds, file by file."""
        operation = operations.get_contents(name, version, pg_version=given(pg_version), platform=platform)
        return self.send(operation, timeout=timeout)

    def readme(self, name: str, *, timeout: float | None = None) -> str:
        """The README of a project, as it was written."""
        return self.send(operations.get_readme(name), timeout=timeout)

    def categories(self, *, timeout: float | None = None) -> list[Category]:
        """The categories, featured ones first."""
        return self.send(operations.list_categories(), timeout=timeout)

    # Downloading.

    def resolve(
        self,
        name: str,
        pg_version: int,
        *,
        platform: Platform = "linux/amd64",
        version: str = "latest",
        timeout: float | None = None,
    ) -> Resolved:
        """The build of a project or an extension for a PostgreSQL major and a platform."""
        operation = operations.get_download_address(name, version, pg_version=pg_version, platform=platform)
        link = self.send(operation, timeout=timeout)
        project, exact, _ = artefact(link)
        return resolved(link, self.send(operations.get_project_version(project, exact), timeout=timeout))

    def download(
        self,
        build: Resolved,
        path: str | os.PathLike[str],
        *,
        max_bytes: int | None = None,
        timeout: float | None = None,
    ) -> Path:
        """Downloads an archive to a file, which is there only once its SHA-256 was found to be right.

        Raises:
            DigestMismatch: What came are other bytes than were published.
            DownloadTooLarge: It is larger than `max_bytes`.
        """
        return transfers.download(self._connection, build, path, max_bytes, timeout)

    # Publishing.

    def publish(
        self, metadata: Metadata | Mapping[str, Any], archive: transfers.Archive, *, timeout: float | None = None
    ) -> str:
        """Publishes an archive, and gives the registry's word for it. The same bytes again are taken as success.

        Args:
            metadata: What is said of the release, as `pgtrunk.models.Metadata` or as the contract's JSON.
            archive: The path of a `.tar.gz`, a file that was opened for reading bytes, or pieces of bytes. A path, and a file
                that can go back to where it stood, are sent again where that helps.
        """
        return transfers.publish(self._connection, metadata, archive, timeout)

    def yank(
        self, project: str, version: str, reason: str, *, replacement: str | None = None, timeout: float | None = None
    ) -> VersionState:
        """Withdraws a version: nobody gets it any more without naming it."""
        body = YankRequest(reason=reason, replacement=given(replacement))
        return self.send(operations.yank_version(project, version, body=body), timeout=timeout)

    def unyank(self, project: str, version: str, *, timeout: float | None = None) -> VersionState:
        """Takes a withdrawal back."""
        return self.send(operations.unyank_version(project, version), timeout=timeout)

    def deprecate(self, project: str, message: str, *, timeout: float | None = None) -> ProjectState:
        """Says that a project should not be used any more, why, and what to use instead."""
        body = DeprecationRequest(message=message)
        return self.send(operations.deprecate_project(project, body=body), timeout=timeout)

    def undeprecate(self, project: str, *, timeout: float | None = None) -> ProjectState:
        """Takes a deprecation back."""
        return self.send(operations.undeprecate_project(project), timeout=timeout)

    def owners(self, project: str, *, timeout: float | None = None) -> list[ProjectOwner]:
        """Who owns a project."""
        return (self.send(operations.list_owners(project), timeout=timeout)).items

    def invite_owner(self, project: str, user: str, *, transfer: bool = False, timeout: float | None = None) -> Invitation:
        """Asks somebody to own a project; with `transfer`, in your place."""
        body = InvitationRequest(user=user, transfer=transfer)
        return self.send(operations.invite_owner(project, body=body), timeout=timeout)

    def remove_owner(self, project: str, user: str, *, timeout: float | None = None) -> None:
        """Takes a project from an owner."""
        self.send(operations.remove_owner(project, user), timeout=timeout)

    # Usage.

    def stats(self, project: str, *, timeout: float | None = None) -> ProjectStats:
        """How much a project is used."""
        return self.send(operations.get_project_stats(project), timeout=timeout)

    def downloads(
        self,
        project: str,
        *,
        from_: datetime.date | None = None,
        to: datetime.date | None = None,
        granularity: GetProjectDownloadsGranularity = "day",
        by: GetProjectDownloadsBy | None = None,
        timeout: float | None = None,
    ) -> ProjectDownloads:
        """The downloads of a project over time."""
        operation = operations.get_project_downloads(
            project,
            from_=given(None if from_ is None else from_.isoformat()),
            to=given(None if to is None else to.isoformat()),
            granularity=granularity,
            by=given(by),
        )
        return self.send(operation, timeout=timeout)

    def registry_stats(self, *, timeout: float | None = None) -> RegistryStats:
        """How much there is, and how much of it is used."""
        return self.send(operations.get_registry_stats(), timeout=timeout)

    def trending(self, window: ListTrendingWindow = "7d", *, limit: int = 20, timeout: float | None = None) -> Trending:
        """The projects that grow most."""
        return self.send(operations.list_trending(window=window, limit=limit), timeout=timeout)

    # Following.

    def follow(
        self,
        project: str,
        email: str | None = None,
        *,
        pg_version: int | None = None,
        prereleases: bool = False,
        withdrawals: bool = True,
        cadence: Cadence = "immediate",
        timeout: float | None = None,
    ) -> Subscription | SubscriptionAsked:
        """Follows a project by mail: at once with a token and your own address, else once a letter was answered."""
        body = _subscription(email, pg_version, prereleases, withdrawals, cadence)
        return self.send(operations.follow_project(project, body=body), timeout=timeout)

    def follow_category(
        self,
        slug: str,
        email: str | None = None,
        *,
        pg_version: int | None = None,
        prereleases: bool = False,
        withdrawals: bool = True,
        cadence: Cadence = "immediate",
        timeout: float | None = None,
    ) -> Subscription | SubscriptionAsked:
        """Follows every project of a category, as `follow` does one."""
        body = _subscription(email, pg_version, prereleases, withdrawals, cadence)
        return self.send(operations.follow_category(slug, body=body), timeout=timeout)

    def follow_user(
        self,
        user: str,
        email: str | None = None,
        *,
        pg_version: int | None = None,
        prereleases: bool = False,
        withdrawals: bool = True,
        cadence: Cadence = "immediate",
        timeout: float | None = None,
    ) -> Subscription | SubscriptionAsked:
        """Follows every project that a user owns, as `follow` does one."""
        body = _subscription(email, pg_version, prereleases, withdrawals, cadence)
        return self.send(operations.follow_user(user, body=body), timeout=timeout)

    def subscriptions(self, *, page_size: int = 100, timeout: float | None = None) -> Iterator[Subscription]:
        """What you follow."""
        return self.paginate(lambda cursor: operations.list_my_subscriptions(limit=page_size, cursor=cursor), timeout=timeout)

    def unfollow(self, id: str, *, timeout: float | None = None) -> None:
        """Ends a subscription of yours."""
        self.send(operations.delete_my_subscription(id), timeout=timeout)

    # What happened.

    def events(
        self,
        since: int = 0,
        *,
        kind: EventKind | None = None,
        project: str | None = None,
        page_size: int = 1000,
        timeout: float | None = None,
    ) -> Iterator[Event]:
        """Everything that happened to projects after an event, in order, up to now.

        Go on later with the `sequence` of the last event: nothing is left out and nothing comes twice.
        """
        while True:
            operation = operations.list_events(since=since, limit=page_size, kind=given(kind), project=given(project))
            answer = self.send(operation, timeout=timeout)
            for event in answer.items:
                yield event
            if len(answer.items) < page_size:
                return
            since = answer.next_

    def audit(
        self,
        *,
        project: str | None = None,
        user: str | None = None,
        action: str | None = None,
        page_size: int = 100,
        timeout: float | None = None,
    ) -> Iterator[AuditEntry]:
        """Who did what, the newest first."""
        return self.paginate(
            lambda cursor: operations.list_audit_entries(
                project=given(project), user=given(user), action=given(action), limit=page_size, cursor=cursor
            ),
            timeout=timeout,
        )

    # Tokens.

    def me(self, *, timeout: float | None = None) -> Me:
        """Whose token this is, and what it may do."""
        return self.send(operations.get_me(), timeout=timeout)

    def tokens(self, *, page_size: int = 100, timeout: float | None = None) -> Iterator[Token]:
        """Your tokens, the newest first, without their text."""
        return self.paginate(lambda cursor: operations.list_tokens(limit=page_size, cursor=cursor), timeout=timeout)

    def create_token(
        self,
        name: str,
        *,
        scopes: Sequence[Scope] | None = None,
        projects: Sequence[str] | None = None,
        expires_at: datetime.datetime | None = None,
        timeout: float | None = None,
    ) -> NewToken:
        """Makes a token, for as much as this one's at most; what is left out is as in this one."""
        body = TokenRequest(
            name=name,
            scopes=given(None if scopes is None else list(scopes)),
            projects=given(None if projects is None else list(projects)),
            expires_at=given(expires_at),
        )
        return self.send(operations.create_token(body=body), timeout=timeout)

    def revoke_token(self, id: str, *, timeout: float | None = None) -> None:
        """Makes a token of yours void."""
        self.send(operations.revoke_token(id), timeout=timeout)


def _subscription(
    email: str | None, pg_version: int | None, prereleases: bool, withdrawals: bool, cadence: Cadence
) -> SubscriptionRequest:
    return SubscriptionRequest(
        email=given(email),
        pg_version=given(pg_version),
        prereleases=prereleases,
        withdrawals=withdrawals,
        cadence=cadence,
    )
