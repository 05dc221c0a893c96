"""Cost against size, drawn: what stays flat, and what grows with the college."""

from __future__ import annotations

from collections.abc import Callable
from math import log10
from statistics import median

from bot.delivery.schedule import Tick
from messages.drawing import png
from storage.store import Store
from tests.bench import status, town
from tests.bench.college import changes, fill
from tests.bench.durable_update import put
from tests.bench.planning import asked
from tests.bench.ratio import microseconds_each

SIZES = (300, 3_000, 30_000)
WIDTH, HEIGHT, LEFT, TOP, ROOM = 900, 520, 90, 60, 300
LETTER = 20  # the height of a name at the end of its line
LOWEST, HIGHEST = 0, 6  # decades of a microsecond
COLOURS = ("#0b5394", "#38761d", "#b45f06", "#741b47", "#666666")

Points = list[tuple[int, float]]


def drawn() -> bytes:
    """Return the chart as PNG; measures first, about a minute. NoFontError: nothing to write with."""
    lines = {name: [(size, cost(size)) for size in SIZES] for name, cost in COSTS.items()}
    return png(svg(lines))


def _update(size: int) -> float:
    store = Store.in_memory()
    fill(store, size)
    change = changes(store, among=300)
    return microseconds_each(lambda: put(store, change()), 300)


def _tick(size: int) -> float:
    desk = town.desk(size, town.moment(1, 2))
    Tick(desk).now()  # what was due before
    return microseconds_each(lambda: asked(desk), 20)


def _status(size: int) -> float:
    desk = town.desk(size, town.moment(2, 1))
    look = status.look(desk)
    look()
    return median(look() for _ in range(3))


def _scan(size: int) -> float:
    return median(status.against_a_scan(town.desk(size, town.moment(2, 1)), size).b) * 1000


COSTS: dict[str, Callable[[int], float]] = {
    "one change, written down": _update,
    "a tick with nothing due": _tick,
    "a branch's totals": _status,
    "all totals by going through everybody": _scan,
}


def svg(lines: dict[str, Points]) -> str:
    """Return the chart, both axes logarithmic."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"'
        ' font-family="Noto Sans SC" font-size="16">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="34" font-size="20">CPU against the number of students</text>',
    ]
    for decade, word in zip(
        range(LOWEST, HIGHEST + 1), ("1 µs", "10", "100", "1 ms", "10", "100", "1 s"), strict=True
    ):
        y = _y(10**decade)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - ROOM}" y1="{y}" y2="{y}" stroke="#dddddd"/>')
        parts.append(f'<text x="{LEFT - 10}" y="{y + 5}" text-anchor="end">{word}</text>')
    for size in SIZES:
        parts.append(
            f'<text x="{_x(size)}" y="{HEIGHT - 30}" text-anchor="middle">{size:,}</text>'
        )
    for colour, points in zip(COLOURS, lines.values(), strict=False):
        way = " ".join(f"{_x(size)},{_y(cost)}" for size, cost in points)
        parts.append(f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="3"/>')
    heights = apart([_y(points[-1][1]) for points in lines.values()])
    for colour, name, y in zip(COLOURS, lines, heights, strict=False):
        parts.append(f'<text x="{WIDTH - ROOM + 12}" y="{y + 5}" fill="{colour}">{name}</text>')
    return "\n".join([*parts, "</svg>"])


def apart(heights: list[float]) -> list[float]:
    """The same places from the top, in the same order, moved down where two would overlap."""
    moved: dict[int, float] = {}
    lowest = 0.0
    for number in sorted(range(len(heights)), key=heights.__getitem__):
        lowest = moved[number] = max(heights[number], lowest + LETTER)
    return [moved[number] for number in range(len(heights))]


def _x(size: int) -> float:
    share = (log10(size) - log10(SIZES[0])) / (log10(SIZES[-1]) - log10(SIZES[0]))
    return round(LEFT + 20 + share * (WIDTH - ROOM - LEFT - 40), 1)


def _y(microseconds: float) -> float:
    share = (log10(max(microseconds, 1)) - LOWEST) / (HIGHEST - LOWEST)
    return round(HEIGHT - 60 - share * (HEIGHT - 60 - TOP), 1)
