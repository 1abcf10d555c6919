from typing import Literal, cast

Scope = Literal["owners", "publish-new", "publish-update", "yank"]

SCOPE_VALUES: frozenset[Scope] = frozenset(
    [
        "owners",
        "publish-new",
        "publish-update",
        "yank",
    ]
)


def check_scope(value: str) -> Scope:
    # A value that a later contract adds passes: answers may grow.
    return cast(Scope, value)
