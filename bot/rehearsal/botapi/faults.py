"""Faults on demand: how the wire and the server misbehave when told to, or as drawn from a seed."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from typing_extensions import override


class FaultKind(StrEnum):
    TOO_MANY_REQUESTS = "429"
    SERVER_ERROR = "500"
    BAD_GATEWAY = "502"  # an HTML page, as a proxy in front of Telegram sends it
    UNAUTHORIZED = "401"
    NOT_FOUND = "404"
    CONFLICT = "409"
    HANG = "hang"  # never answered, never accepted
    DRIP = "drip"  # never accepted, and an answer that never ends: no read of it times out
    RESET_BEFORE = "reset_before"  # the connection breaks, the request was not accepted
    RESET_AFTER = "reset_after"  # it was accepted, but nobody hears of it
    SLOW = "slow"  # accepted at once, answered after a while
    BROKEN = "broken"  # accepted, but of the answer, a 200, only half arrives


AFTER_ACCEPTANCE = frozenset({FaultKind.RESET_AFTER, FaultKind.SLOW, FaultKind.BROKEN})


@dataclass(slots=True)
class Fault:
    """``kind`` strikes the next ``times`` requests, then is over.

    ``methods``: only these; empty means every one but getUpdates. ``retry_after`` (seconds) is
    what a 429 says, ``seconds`` how long a slow answer takes, or a dripping one before it breaks off.
    """

    kind: FaultKind
    times: int = 1
    methods: frozenset[str] = frozenset()
    retry_after: int = 1
    seconds: float = 1.0

    def strike(self, method: str) -> Fault | None:
        """The fault that strikes this request, if any; uses up one of ``times``."""
        if self.times <= 0 or not _is_meant(method, self.methods):
            return None
        self.times -= 1
        return self


class Program:
    """``length`` requests, each struck or spared as ``seed`` has it: the same seed, the same fate.

    A spared one follows as often as not. ``kinds``: what may strike; ``methods``, ``retry_after``
    (at most) and ``seconds`` are those of `Fault`.
    """

    def __init__(
        self,
        seed: int,
        length: int,
        *,
        kinds: Collection[FaultKind] = tuple(FaultKind),
        methods: Collection[str] = (),
        retry_after: int = 30,
        seconds: float = 1.0,
    ) -> None:
        drawn = random.Random(seed)  # noqa: S311 -- repeatable, not secret
        choice = sorted(kinds)
        self.seed = seed
        self.methods = frozenset(methods)
        self.left: deque[Fault | None] = deque(
            Fault(drawn.choice(choice), 1, self.methods, drawn.randint(1, retry_after), seconds)
            if drawn.random() < 1 / 2
            else None
            for _ in range(length)
        )

    def strike(self, method: str) -> Fault | None:
        """The fault that strikes this request, if any; moves on to the next."""
        if not self.left or not _is_meant(method, self.methods):
            return None
        return self.left.popleft()

    @override
    def __str__(self) -> str:
        """The seed and what is still to come, for whoever has to play it again."""
        fates = " ".join("–" if fault is None else fault.kind.value for fault in self.left)
        return f"seed {self.seed}: {fates}"


def _is_meant(method: str, methods: frozenset[str]) -> bool:
    return method in methods if methods else method != "getUpdates"
