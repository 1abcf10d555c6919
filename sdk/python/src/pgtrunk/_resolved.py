"""A build that was found, and the links of builds. Nothing here does input or output."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from attrs import frozen

from ._errors import TrunkError
from ._generated.models import Platform, ProjectVersion
from ._generated.types import segment

_ARTEFACT = re.compile(r"/api/v1/trunk-projects/([^/]+)/version/([^/]+)/artefacts/([^/]+)$")


@frozen
class Resolved:
    """A build for one PostgreSQL major and platform, as `Client.resolve` finds it."""

    project: str
    """The project's name."""
    version: str
    """The project's version."""
    pg_version: int
    """The PostgreSQL major it was compiled for."""
    platform: Platform
    """The platform it was compiled for."""
    link: str
    """The address of the archive."""
    sha256: str
    """The SHA-256 of the archive, in hex."""


def artefact(link: str) -> tuple[str, str, str]:
    """The project, the version and the file that a link names."""
    match = _ARTEFACT.search(urlsplit(link).path)
    if match is None:
        raise TrunkError(f"{link[:500]!r} is not the address of an archive of a registry.")
    project, version, file = (unquote(part) for part in match.groups())
    return project, version, file


def artefact_path(link: str) -> str:
    """The path below the base URL at which the archive of a link is.

    Links begin with the address that the registry believes to have. Whoever asks it by another one – through a proxy, from
    inside a cluster – gets archives the same way.
    """
    project, version, file = (segment(part) for part in artefact(link))
    return f"/api/v1/trunk-projects/{project}/version/{version}/artefacts/{file}"


def resolved(link: str, versions: Iterable[ProjectVersion]) -> Resolved:
    """The build that a link leads to, from the versions that the registry has under the names in the link."""
    wanted = artefact(link)
    for version in versions:
        for download in version.downloads:
            if artefact(download.link) == wanted:
                return Resolved(version.name, version.version, download.pg_version, download.platform, link, download.sha256)
    raise TrunkError(f"The registry leads to {link}, and its version has no such build. Ask again.")
