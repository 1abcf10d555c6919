"""The client of the Trunk Registry, the hub for compiled PostgreSQL extensions.

`Client` and `AsyncClient` have the same methods; the synchronous one is made from the asynchronous one. What they give is in
`pgtrunk.models`, what they raise is `TrunkError` and, a class each for the codes of the contract, in `pgtrunk.problems`. The
whole contract is in `pgtrunk.operations`.
"""

from . import models, operations, problems
from ._async.client import AsyncClient
from ._errors import DigestMismatch, DownloadTooLarge, NetworkError, RequestTimeout, TrunkError
from ._generated.models import Metadata
from ._resolved import Resolved
from ._retry import Retry
from ._sync.client import Client
from ._version import __version__

__all__ = [
    "AsyncClient",
    "Client",
    "DigestMismatch",
    "DownloadTooLarge",
    "Metadata",
    "NetworkError",
    "RequestTimeout",
    "Resolved",
    "Retry",
    "TrunkError",
    "__version__",
    "models",
    "operations",
    "problems",
]
