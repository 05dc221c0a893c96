"""Whether somebody holds a store, seen from outside."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from storage.lock import Lock, is_held


def test_a_lock_is_seen_to_be_held_until_its_holder_lets_it_go(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert not is_held(path)
    with closing(Lock(path)):
        assert is_held(path)
    assert not is_held(path)


def test_looking_leaves_the_lock_free(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    Lock(path).close()
    is_held(path)
    Lock(path).close()
