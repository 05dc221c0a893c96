"""A disk that may lose power: what a run's system calls may have left behind, state by state (F5).

What was written and not yet synced may be there whole, in part, or not at all, in any order; so may
a name whose folder was not yet synced. What was synced is there.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest

SECTOR = 512
CALLS = (
    *("open", "close", "lseek", "write", "ftruncate", "fsync", "fdatasync"),
    *("replace", "rename", "link", "unlink", "mkdir"),
)
Files = dict[str, bytes | None]  # by path under the root; None: a folder


@dataclass(frozen=True, slots=True)
class Write:
    """``data`` at that offset; None: the file was cut there."""

    offset: int
    data: bytes | None


@dataclass(slots=True, eq=False)
class File:
    durable: bytes = b""
    pending: list[Write] = field(default_factory=list)

    def sync(self) -> None:
        self.durable, self.pending = applied(self.durable, self.pending), []

    def variants(self) -> list[bytes]:
        """Every content that may be found after a power cut now."""
        found = dict.fromkeys([self.durable])
        for steps in subsets(self.pending):
            for torn in torn_in(steps[-1]):
                found[applied(self.durable, [*steps[:-1], torn])] = None
        return list(found)


Names = dict[str, "File | Folder"]


@dataclass(slots=True, eq=False)
class Folder:
    durable: Names = field(default_factory=dict)
    pending: list[dict[str, File | Folder | None]] = field(
        default_factory=list
    )  # None: taken away

    @property
    def now(self) -> Names:
        return renamed(self.durable, self.pending)

    def sync(self) -> None:
        self.durable, self.pending = self.now, []

    def variants(self) -> list[Names]:
        return [self.durable, *(renamed(self.durable, steps) for steps in subsets(self.pending))]


def on_disk(folder: Path) -> Folder:
    """What is there, all of it durable."""
    found = Folder()
    for path in folder.iterdir():
        found.durable[path.name] = on_disk(path) if path.is_dir() else File(path.read_bytes())
    return found


def applied(content: bytes, steps: Iterable[Write]) -> bytes:
    for step in steps:
        if step.data is None:
            content = content[: step.offset].ljust(step.offset, b"\0")
        else:
            end = step.offset + len(step.data)
            content = content[: step.offset].ljust(step.offset, b"\0") + step.data + content[end:]
    return content


def renamed(names: Names, steps: Iterable[dict[str, File | Folder | None]]) -> Names:
    names = dict(names)
    for step in steps:
        names |= {name: node for name, node in step.items() if node is not None}
        for name in (name for name, node in step.items() if node is None):
            names.pop(name, None)
    return names


def subsets(steps: list[Any]) -> Iterator[list[Any]]:
    """Which of the steps, at least one, a disk may have taken."""
    for size in range(1, len(steps) + 1):
        yield from map(list, combinations(steps, size))


def torn_in(step: Write) -> Iterator[Write]:
    """How much of one write a disk may have taken: all, half, its size only, all but one sector."""
    yield step
    if step.data:
        yield Write(step.offset, step.data[: len(step.data) // 2])
        yield Write(step.offset, bytes(len(step.data)))
        edge = -step.offset % SECTOR
        if edge + SECTOR < len(step.data):
            hole = step.data[:edge] + bytes(SECTOR) + step.data[edge + SECTOR :]
            yield Write(step.offset, hole)


class PowerCut:
    """Watches a run in one folder and judges every state that a power cut may leave.

    ``judge`` gets a folder in such a state and what had been acknowledged. ``without``: syncs that
    count for nothing, of ``file`` or of ``folder``.
    """

    def __init__(
        self, root: Path, judge: Callable[[Path, int], object], *, without: str = ""
    ) -> None:
        self._root = root
        self._judge = judge
        self._without = without
        self._tree = Folder()
        self._descriptors: dict[int, tuple[File | Folder, int]] = {}
        self._seen: set[tuple[int, int]] = set()
        self.acknowledged = 0
        self.states = 0

    def acknowledge(self, number: int) -> None:
        """Somebody was told that it holds."""
        self.acknowledged = number
        self.look()

    @contextmanager
    def watching(self) -> Iterator[PowerCut]:
        """The system calls of the block count; what was there before is durable."""
        self._tree = on_disk(self._root)
        with pytest.MonkeyPatch.context() as patch:
            for name in CALLS:
                patch.setattr(os, name, self._watched(name, getattr(os, name)))
            yield self
        self.look()

    def _watched(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*given: Any, **named: Any) -> Any:
            if name in ("fsync", "fdatasync"):
                self._sync(given[0])
            result = call(*given, **named)
            if name in ("open", "mkdir", "unlink", "replace", "rename", "link"):
                self._name(name, given, result)
            elif given[0] in self._descriptors:
                self._write(name, given, result)
            return result

        return watched

    def _sync(self, descriptor: int) -> None:
        if descriptor not in self._descriptors:
            return
        node, _ = self._descriptors[descriptor]
        self.look()  # before: afterwards less is possible
        if self._without != ("file" if isinstance(node, File) else "folder"):
            node.sync()

    def _write(self, name: str, given: tuple[Any, ...], result: Any) -> None:
        descriptor = given[0]
        node, offset = self._descriptors[descriptor]
        if name == "close":
            del self._descriptors[descriptor]
        elif name == "lseek":
            self._descriptors[descriptor] = node, result
        elif name == "ftruncate" and isinstance(node, File):
            node.pending.append(Write(given[1], None))
        elif name == "write" and isinstance(node, File):
            node.pending.append(Write(offset, bytes(given[1][:result])))
            self._descriptors[descriptor] = node, offset + result

    def _name(self, name: str, given: tuple[Any, ...], result: Any) -> None:
        path = Path(given[0])
        if path == self._root:
            self._descriptors[result] = self._tree, 0
        if self._root not in path.parents:
            return
        parent, node = self._folder(path.parent), self._folder(path.parent).now.get(path.name)
        match name:
            case "open":
                if node is None:
                    node = File()
                    parent.pending.append({path.name: node})
                elif isinstance(node, File) and given[1] & os.O_TRUNC:
                    node.pending.append(Write(0, None))
                self._descriptors[result] = node, 0
            case "mkdir":
                parent.pending.append({path.name: Folder()})
            case "unlink":
                parent.pending.append({path.name: None})
            case "link":
                parent.pending.append({Path(given[1]).name: node})
            case _:
                parent.pending.append({path.name: None, Path(given[1]).name: node})

    def _folder(self, path: Path) -> Folder:
        found = self._tree
        for part in path.relative_to(self._root).parts:
            node = found.now[part]
            assert isinstance(node, Folder)
            found = node
        return found

    def look(self) -> None:
        """Judges what is possible at this moment and was not judged yet."""
        for files in self._possible():
            state = hash(frozenset(files.items())), self.acknowledged
            if state not in self._seen:
                self._seen.add(state)
                self.states += 1
                self._judge(self._laid_out(files), self.acknowledged)

    def _possible(self) -> Iterator[Files]:
        nodes = list(self._every(self._tree))
        uncertain = [node for node in nodes if node.pending]
        for choice in product(*(node.variants() for node in uncertain)):
            chosen = dict(zip(map(id, uncertain), choice, strict=True))
            yield dict(self._files(self._tree, "", chosen))

    def _every(self, node: File | Folder) -> Iterator[File | Folder]:
        yield node
        if isinstance(node, Folder):
            known = {id(each): each for each in node.durable.values()}
            for step in node.pending:
                known |= {id(each): each for each in step.values() if each is not None}
            for each in known.values():
                yield from self._every(each)

    def _files(
        self, folder: Folder, at: str, chosen: dict[int, Any]
    ) -> Iterator[tuple[str, bytes | None]]:
        for name, node in chosen.get(id(folder), folder.durable).items():
            path = f"{at}{name}"
            if isinstance(node, Folder):
                yield path, None
                yield from self._files(node, f"{path}/", chosen)
            else:
                yield path, chosen.get(id(node), node.durable)

    def _laid_out(self, files: Files) -> Path:
        place = self._root.with_name(f"{self._root.name}.{self.states}")
        place.mkdir()
        for name, content in files.items():
            if content is None:
                (place / name).mkdir()
            else:
                (place / name).write_bytes(content)
        return place
