"""The folder of a rehearsal: always a temporary one, empty or a copy of a real store."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.refusal import Refused
from bot.settings import FILE
from storage.records import RowState
from storage.store import Store, StoreError

ON_THE_WAY = frozenset({RowState.PENDING, RowState.SENDING})
ATTEMPTS = 3  # a store that is written meanwhile may be caught between two of its files


@contextmanager
def scratch_folder(original: Path | None) -> Iterator[Path]:
    """A folder that is thrown away; with ``original``, a copy of its store and settings.

    Raises Refused: the store can't be read.
    """
    with TemporaryDirectory(prefix="yinlu-rehearsal-") as name:
        folder = Path(name)
        if original is not None:
            _copy(original, folder)
        yield folder


def has_store(folder: Path) -> bool:
    return (folder / "store").is_dir()


def _copy(original: Path, folder: Path) -> None:
    if (original / FILE).exists():
        shutil.copy(original / FILE, folder)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            shutil.copytree(original / "store", folder / "store", dirs_exist_ok=True)
            store = Store.open(folder / "store")
            if store.unmigrated is not None:
                store.snapshot()  # a copy needs no backup
        except (StoreError, OSError) as error:
            shutil.rmtree(folder / "store", ignore_errors=True)
            if attempt == ATTEMPTS:
                raise Refused(f"打不开 {original}：{error}") from None
        else:
            _leave_behind(store)
            return


def _leave_behind(store: Store) -> None:
    """What the real bot still has on the way, and its lists with buttons, are not the rehearsal's."""
    with store.transaction():
        for row in list(store.outbox):
            state = RowState.CANCELLED if row.state in ON_THE_WAY else row.state
            # Without its number no message of the real chats is edited or answered.
            store.outbox.put(replace(row, live=False, state=state, message=None))
    store.close()
