"""What a command has come to: the same whether it ran here or inside the running bot."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Outcome:
    """Lines for people and a document for programs; ``code`` is the process's exit code."""

    lines: tuple[str, ...] = ()
    document: Any = None
    code: int = 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, written: dict[str, Any]) -> Outcome:
        return cls(tuple(written["lines"]), written["document"], written["code"])


def refused(*lines: str) -> Outcome:
    """Return a refusal: its lines go to stderr, the exit code is 1."""
    return Outcome(lines=lines, code=1)
