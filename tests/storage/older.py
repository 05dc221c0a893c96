"""Stores of an older schema: today's documents with steps that the tests make up in front of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from storage import migrations
from storage.contents import Contents
from storage.migrations import Step
from storage.store import Store
from tests.storage.samples import add_branches

SCHEMA_1 = Path(__file__).with_name(
    "schema1"
)  # as the first release wrote it, every kind of record


def renaming(suffix: str) -> Step:
    """A step that every document of one table shows, so that a store of two ages would show too."""

    def step(contents: Contents) -> Contents:
        branches = {
            id: {**document, "name": document["name"] + suffix}
            for id, document in contents.tables.get("branches", {}).items()
        }
        return replace(contents, tables={**contents.tables, "branches": branches})

    return step


STEPS: tuple[Step, ...] = (renaming("甲"), renaming("乙"))


@contextmanager
def program(*steps: Step) -> Iterator[None]:
    """The program whose present schema those steps lead to."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "STEPS", steps)
        yield


def first_release(folder: Path) -> Path:
    """A store that the first release left; the folder."""
    shutil.copytree(SCHEMA_1, folder)
    (folder / "lock").write_bytes(b"begun\n")
    return folder


def written_by(steps: tuple[Step, ...], folder: Path, *, before: int, after: int) -> list[str]:
    """A store that a program of those steps left: names before its snapshot, and after it."""
    names = [f"第{number}支部" for number in range(before + after)]
    with program(*steps):
        store = Store.open(folder)
        add_branches(store, *names[:before])
        store.snapshot()
        add_branches(store, *names[before:])
        store.close()
    return names
