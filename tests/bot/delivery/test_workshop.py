"""The workshop: a file made by a child, and every way in which a child can fail."""

from __future__ import annotations

import asyncio
import sys
from functools import partial

import pytest

from bot.delivery.telegram import Meaning, meaning_of
from bot.delivery.workshop import NotMadeError, Workshop


def test_bytes_come_back_from_the_child() -> None:
    made = asyncio.run(Workshop().make(partial(bytes, 3)))
    assert made == b"\0\0\0"


def test_what_fails_in_the_child_is_told_by_its_kind_alone() -> None:
    with pytest.raises(NotMadeError) as failed:
        asyncio.run(Workshop().make(partial(bytes.fromhex, "李明")))
    assert str(failed.value) == "ValueError"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import sys; sys.exit(3)", "exit 3"),
        ("import os; os.kill(os.getpid(), 9)", "exit -9"),
    ],
)
def test_child_that_dies_without_a_word_is_told_by_its_code(code: str, reason: str) -> None:
    with pytest.raises(NotMadeError, match=f"^{reason}$"):
        asyncio.run(Workshop((sys.executable, "-c", code)).make(bytes))


def test_child_that_never_ends_is_ended() -> None:
    forever = (sys.executable, "-c", "while True: pass")
    with pytest.raises(NotMadeError, match="TimeoutError"):
        asyncio.run(Workshop(forever, patience=0.05).make(bytes))


def test_child_that_cannot_start_is_no_crash() -> None:
    with pytest.raises(NotMadeError, match="FileNotFoundError"):
        asyncio.run(Workshop(("/nowhere/python",)).make(bytes))


def test_one_file_is_made_at_a_time() -> None:
    async def both() -> list[bytes]:
        workshop = Workshop()
        return list(await asyncio.gather(*(workshop.make(partial(bytes, n)) for n in (1, 2))))

    assert asyncio.run(both()) == [b"\0", b"\0\0"]


def test_what_could_not_be_made_is_never_tried_again() -> None:
    failure = meaning_of(NotMadeError("MemoryError"))
    assert (failure.meaning, failure.reason) == (Meaning.PERMANENT, "not made: MemoryError")
