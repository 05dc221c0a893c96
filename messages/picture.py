"""/status as a picture: facts become SVG, 1080 px wide; `messages.drawing` makes a PNG of it.

Every group of students is a bar: how many talks stand where, the numbers inside; behind the name how
many of the forms are in. The colours differ in brightness too, dark is done.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

from messages.facts import TALK_WORDS
from storage.records import TalkState
from storage.workbook_cells import printable

WIDTH = 1080  # pixels; a phone shows them on its whole width
MARGIN = 40
INNER = WIDTH - 2 * MARGIN
HEAD = 250  # pixels above the first bar
PITCH = 150  # from one bar to the next
BAR = 64
GAP = 4  # of paper between two parts of a bar
TITLE, LABEL, WORDS = 54, 42, 36  # sizes of letters; on a phone 32 is the least
LEAST = 32
TAIL = 6  # letters that a name cut short keeps of its end
DIGIT = 0.58  # width of a digit or a Latin letter, of the size of letters; a Chinese one is 1

INK, GREY, PAPER, LINE = "#1a1a1a", "#4a4a4a", "#ffffff", "#9a9a9a"
COLOURS: Mapping[TalkState, tuple[str, str]] = {
    TalkState.CONFIRMED: ("#14532d", "#ffffff"),
    TalkState.CLAIMED: ("#2b6cb0", "#ffffff"),
    TalkState.DISPUTED: ("#f0a830", INK),
    TalkState.NONE: ("#e4e7eb", INK),
}  # of the part and of the number on it, darkest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One group of students. ``received``: forms that are in, archived or not."""

    label: str
    talk: Mapping[TalkState, int]
    received: int

    @property
    def students(self) -> int:
        return sum(self.talk.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    title: str
    subtitle: str
    bars: tuple[Bar, ...]


def svg(picture: Picture) -> str:
    """Return the picture as SVG text. Whatever a name holds, it is text and nothing else."""
    height = HEAD + PITCH * len(picture.bars)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        'font-family="Noto Sans SC" font-weight="400">',
        f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>',
        _fitting(picture.title, MARGIN, 84, TITLE, INNER, weight=700),
        _fitting(picture.subtitle, MARGIN, 140, WORDS, INNER, colour=GREY),
        *_legend(),
    ]
    for number, bar in enumerate(picture.bars):
        parts += _bar(bar, HEAD + PITCH * number)
    return "\n".join([*parts, "</svg>"])


def _legend() -> Iterable[str]:
    step = INNER // len(TALK_WORDS)
    for number, (state, word) in enumerate(TALK_WORDS.items()):
        x = MARGIN + step * number
        yield _rect(x, 176, 36, 36, COLOURS[state][0])
        yield _text(word, x + 46, 206, LEAST)


def _bar(bar: Bar, top: int) -> Iterable[str]:
    numbers = f"登记表 {bar.received}/{bar.students}"
    right = WIDTH - MARGIN
    yield _text(numbers, right, top + 42, WORDS, anchor="end", colour=GREY)
    room = INNER - width_of(numbers, WORDS) - MARGIN
    yield _fitting(bar.label, MARGIN, top + 42, LABEL, room, weight=600)
    y = top + 60
    if not bar.students:
        yield (
            f'<rect x="{MARGIN + 1}" y="{y + 1}" width="{INNER - 2}" height="{BAR - 2}" '
            f'fill="none" stroke="{LINE}" stroke-width="2" stroke-dasharray="8 8"/>'
        )
        yield _text("0人", WIDTH / 2, y + 45, WORDS, anchor="middle", colour=GREY)
    x = float(MARGIN)
    for state, width in widths(bar.talk).items():
        fill, ink = COLOURS[state]
        yield _rect(x, y, width - GAP, BAR, fill)
        middle = x + (width - GAP) / 2
        yield _text(str(bar.talk[state]), middle, y + 45, WORDS, anchor="middle", colour=ink)
        x += width


def widths(talk: Mapping[TalkState, int]) -> dict[TalkState, float]:
    """Return how wide each part of a bar is, gap included; a small one still holds its number."""
    shown = {state: talk[state] for state in TALK_WORDS if talk.get(state)}
    total = sum(shown.values())
    least = {state: width_of(f" {number} ", WORDS) + GAP for state, number in shown.items()}
    free = INNER + GAP - sum(least.values())
    return {state: least[state] + free * number / total for state, number in shown.items()}


def width_of(text: str, size: float) -> float:
    """Return about how wide the text is, never less than it is."""
    wide = sum(unicodedata.east_asian_width(letter) in "WFA" for letter in text)
    return (wide + DIGIT * (len(text) - wide)) * size


def _fitting(
    text: str, x: float, y: float, size: int, room: float, *, weight: int = 400, colour: str = INK
) -> str:
    """Return the text in the room: smaller where it must be, then without its middle.

    Of two long names the ends differ: …第一党支部, …第二党支部.
    """
    text = printable(text)
    while size > LEAST and width_of(text, size) > room:
        size -= 2
    head, tail = text[:-TAIL], text[-TAIL:]
    while head and width_of(text, size) > room:
        head = head[:-1]
        text = f"{head}…{tail}"
    return _text(text, x, y, size, weight=weight, colour=colour)


def _text(
    text: str,
    x: float,
    y: float,
    size: int,
    *,
    weight: int = 400,
    colour: str = INK,
    anchor: str = "start",
) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" font-weight="{weight}" fill="{colour}" '
        f'text-anchor="{anchor}">{escape(text)}</text>'
    )


def _rect(x: float, y: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="{fill}"/>'
