"""Every operation of the contract, as a request that is yet to be sent by `Client.send` or `AsyncClient.send`.

They are made from the contract; the methods of the clients are made of them. Publishing and downloading stream, and are
methods only.
"""

from ._generated import *
from ._generated import __all__ as __all__
