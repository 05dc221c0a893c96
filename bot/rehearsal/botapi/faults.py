"""Faults on demand: how the wire and the server misbehave when told to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    TOO_MANY_REQUESTS = "429"
    SERVER_ERROR = "500"
    BAD_GATEWAY = "502"  # an HTML page, as a proxy in front of Telegram sends it
    HANG = "hang"  # never answered, never accepted
    RESET_BEFORE = "reset_before"  # the connection breaks, the request was not accepted
    RESET_AFTER = "reset_after"  # it was accepted, but nobody hears of it


@dataclass(slots=True)
class Fault:
    """``kind`` strikes the next ``times`` requests, then is over.

    ``methods``: only these; empty means every one but getUpdates. ``retry_after`` (seconds) is
    what a 429 says.
    """

    kind: FaultKind
    times: int = 1
    methods: frozenset[str] = frozenset()
    retry_after: int = 1

    def strikes(self, method: str) -> bool:
        """Whether this request is struck; uses up one of ``times`` if so."""
        meant = method in self.methods if self.methods else method != "getUpdates"
        if self.times <= 0 or not meant:
            return False
        self.times -= 1
        return True
