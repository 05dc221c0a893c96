"""Small records for the tests of the store, and ways to look at a folder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from storage.records import (
    Branch,
    BranchId,
    Kind,
    PairingId,
    Person,
    PersonId,
    Stage,
    Talk,
    TalkState,
    TermId,
)
from storage.store import Store

NOON = datetime(2026, 9, 14, 4, tzinfo=UTC)  # 12:00 in Shanghai


def branch(name: str = "学生第一支部", **fields: Any) -> Branch:
    return Branch(name=name, kind=Kind.STUDENT, **fields)


def person(number: str = "2026000001", **fields: Any) -> Person:
    given: dict[str, Any] = {
        "number": number,
        "name": "李明",
        "branch": BranchId(1),
        "kind": Kind.STUDENT,
        "stage": Stage.ACTIVIST,
    }
    return Person(**{**given, **fields})


def talk(pairing: int = 1, state: TalkState = TalkState.NONE, **fields: Any) -> Talk:
    given: dict[str, Any] = {
        "pairing": PairingId(pairing),
        "term": TermId(1),
        "state": state,
        "day": None,
        "recorded": NOON,
        "by": PersonId(7),
    }
    return Talk(**{**given, **fields})


def add_branches(store: Store, *names: str) -> None:
    """One transaction, and one line, per name."""
    for name in names:
        with store.transaction():
            store.branches.add(branch(name))


def names(store: Store) -> list[str]:
    return [found.name for found in sorted(store.branches, key=lambda each: each.id)]


def everything(store: Store) -> dict[str, dict[int, Any]]:
    """All records by table and id."""
    return {
        name: {found.id: found for found in store.table_named(name)}
        for name in store.contents().tables
        if len(store.table_named(name))
    }


def journals(folder: Path) -> list[Path]:
    return sorted(folder.glob("journal-*"))


def only_journal(folder: Path) -> Path:
    (found,) = journals(folder)
    return found


def written(path: Path) -> bytes:
    """The lines of a journal, without the room behind them."""
    return path.read_bytes().rstrip(b"\0")


def line_ends(content: bytes) -> Iterator[int]:
    """Where each line ends, behind its line feed."""
    return (at + 1 for at, byte in enumerate(content) if byte == ord("\n"))
