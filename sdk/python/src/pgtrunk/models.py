"""What the contract calls its schemas: what requests carry and answers hold.

Values of enums are plain strings, and one that a later contract adds passes. Keys that this version does not know are in
`additional_properties`.
"""

from ._generated.models import *
from ._generated.models import __all__ as __all__
