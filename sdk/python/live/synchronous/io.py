"""What the scenario does differently with the synchronous client."""

import time
from collections.abc import Callable

from pgtrunk import Client

NAME = "python"

sleep = time.sleep


def main(scenario: Callable[[], None]) -> None:
    scenario()


def ends_when_cancelled(client: Client, project: str) -> None:
    """A synchronous call cannot be cancelled; it ends by its timeout."""
