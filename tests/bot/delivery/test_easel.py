"""Pictures drawn beside the bot: once each, and no drama where nothing can be drawn."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import pytest

from bot.delivery.easel import KEPT, Easel
from bot.delivery.workshop import Workshop
from messages.picture import Bar, Picture
from storage.records import TalkState

TALK = {TalkState.CONFIRMED: 3, TalkState.CLAIMED: 2, TalkState.DISPUTED: 1, TalkState.NONE: 4}


def picture(title: str = "各支部进度") -> Picture:
    return Picture(title=title, subtitle="", bars=(Bar(label="甲", talk=TALK, received=1),))


def child(code: str) -> Workshop:
    return Workshop((sys.executable, "-c", code))


def counting(folder: Path) -> Workshop:
    """Its child leaves a line per drawing."""
    return child(f"print(1, file=open({str(folder / 'drawn')!r}, 'a')); print('png')")


def drawn(folder: Path) -> int:
    return len((folder / "drawn").read_text(encoding="utf-8").splitlines())


async def test_a_picture_is_drawn_in_another_process() -> None:
    png = await Easel().draw(picture())
    assert png is not None
    assert png.startswith(b"\x89PNG")


async def test_the_same_picture_is_drawn_once_and_another_anew(tmp_path: Path) -> None:
    easel = Easel(counting(tmp_path))
    assert [await easel.draw(picture()) for _ in range(3)] == [b"png\n"] * 3
    assert drawn(tmp_path) == 1
    await easel.draw(picture("另一张"))
    assert drawn(tmp_path) == 2


async def test_no_more_than_a_few_drawings_are_kept(tmp_path: Path) -> None:
    easel = Easel(counting(tmp_path))
    for number in range(KEPT + 1):
        await easel.draw(picture(str(number)))
    await easel.draw(picture("1"))
    assert drawn(tmp_path) == KEPT + 1
    await easel.draw(picture("0"))
    assert drawn(tmp_path) == KEPT + 2


async def test_where_nothing_can_be_drawn_there_is_no_picture_and_one_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    easel = Easel(child("import sys; sys.stderr.write('NoFontError'); sys.exit(1)"))
    with caplog.at_level(logging.WARNING):
        assert await easel.draw(picture()) is None
        assert await easel.draw(picture()) is None
    assert [record.getMessage() for record in caplog.records] == [
        "no picture (NoFontError): the words alone go out"
    ]
