"""Damage to a data folder, one after another, and what a start makes of it (F8)."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.desks import BACKUPS, STORE, open_desk
from bot.refusal import Refused
from storage.backup_folder import keep
from storage.store import Store
from tests.storage.samples import NOON, add_branches

KIB = 1024
Damage = Callable[[Path], object]  # to the folder of a store


def run(seed: int, times: int) -> dict[str, int]:
    """Damages stores so many times, in random places; returns how many starts were refused.

    Failed, AssertionError: one was not, or its refusal names no good backup.
    """
    chance = random.Random(seed)  # noqa: S311 - chooses places, guards nothing
    figures = {"refused": 0}
    with TemporaryDirectory() as scratch:
        while figures["refused"] < times:
            folder = Path(scratch) / str(figures["refused"])
            made(folder, chance.randint(1, 40), chance.randint(1, 40))
            every = list(damages(folder / STORE, chance.randrange(KIB)))
            for damage in every[: times - figures["refused"]]:
                refuses(folder, damage)
                figures["refused"] += 1
    return figures


def made(folder: Path, before: int, after: int) -> None:
    """A data folder: so many transactions before a snapshot and after it, all of them backed up."""
    store = Store.open(folder / STORE)
    add_branches(store, *(f"第{number}支部" * 20 for number in range(before)))
    store.snapshot()
    add_branches(store, *(f"第{number}支部" * 20 for number in range(before, before + after)))
    keep(store.contents(), folder / BACKUPS, made=NOON)
    store.close()


def damages(store: Path, offset: int) -> Iterator[Damage]:
    """Each kind of damage, in every KiB of every file from that offset on."""
    files = [path for path in sorted(store.iterdir()) if path.name != "lock"]
    for path in files:
        content = path.read_bytes()
        length = len(content.rstrip(b"\0"))
        for at in range(offset, length, KIB):
            flipped = content[:at] + bytes([content[at] ^ 1 << at % 8]) + content[at + 1 :]
            zeros = content[:at] + bytes(KIB) + content[at + KIB :]
            yield written(path.name, flipped)
            yield written(path.name, content[:at])
            yield written(path.name, zeros)
            rest = bytes(len(content) - at)
            yield written(path.name, content[:at] + rest)
        yield written(path.name, content[: length - 1])
        yield written(path.name, b"")
        yield written(path.name, bytes(len(content)))
        yield partial(removed, names=(path.name,))
    every = tuple(path.name for path in files)
    yield partial(removed, names=every)
    yield partial(removed, names=(*every, "lock"))
    yield shutil.rmtree


def written(name: str, content: bytes) -> Damage:
    return lambda store: (store / name).write_bytes(content)


def removed(store: Path, names: tuple[str, ...]) -> None:
    for name in names:
        (store / name).unlink()


def refuses(folder: Path, damage: Damage) -> None:
    """Starts on a damaged copy: refused in one line that names the way back."""
    with TemporaryDirectory() as scratch:
        copy = Path(scratch) / "data"
        shutil.copytree(folder, copy)
        damage(copy / STORE)
        (backup,) = (copy / BACKUPS).iterdir()
        with pytest.raises(Refused) as refused, open_desk(copy, writing=True):
            pass
        assert f"最近的完好备份：{backup}" in str(refused.value)
        assert "\n" not in str(refused.value)
