"""G7: who has that Telegram id, and who is a student's mentor: the store, a plain dict, SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle

from bot.desk import Desk
from storage.records import Pairing
from tests.bench import town
from tests.bench.ratio import Ratio, interleaved, microseconds_each

GOAL = "G7"
DICT, SQLITE = 5.0, 1.0
TIMES = 20_000


def measure(*, quick: bool) -> Iterator[Ratio]:
    size = 3_000 if quick else 30_000
    desk = town.desk(size, town.moment(2, 1))
    yield from by_telegram(desk, size, TIMES // 10 if quick else TIMES)
    yield from by_student(desk, size, TIMES // 10 if quick else TIMES)


def by_telegram(desk: Desk, size: int, times: int) -> Iterator[Ratio]:
    store = desk.store
    ids = [one.telegram for one in store.accounts]
    plain = {one.telegram: one for one in store.accounts}
    database = sqlite3.connect(":memory:")
    database.execute("create table account(telegram integer primary key, person text)")
    rows = ((one.telegram, str(one.person)) for one in store.accounts)
    database.executemany("insert into account values (?, ?)", rows)

    def ours(id: int) -> object:
        return store.accounts.one("telegram", id)

    def theirs(id: int) -> object:
        found = database.execute("select person from account where telegram = ?", (id,))
        return found.fetchone()

    yield from three("who has that Telegram id", size, ids, ours, plain.get, theirs, times)


def by_student(desk: Desk, size: int, times: int) -> Iterator[Ratio]:
    store = desk.store
    students = [one.student for one in store.pairings]
    plain: dict[int, list[Pairing]] = {one.student: [one] for one in store.pairings}
    database = sqlite3.connect(":memory:")
    database.execute("create table pairing(student int, mentor int)")
    database.execute("create index by_student on pairing(student)")
    rows = ((one.student, one.mentor) for one in store.pairings)
    database.executemany("insert into pairing values (?, ?)", rows)

    def ours(id: int) -> object:
        return store.pairings.where("open_student", id)

    def theirs(id: int) -> object:
        found = database.execute("select mentor from pairing where student = ?", (id,))
        return found.fetchall()

    yield from three("a student's mentors", size, students, ours, plain.get, theirs, times)


def three(
    what: str,
    size: int,
    keys: Sequence[int],
    ours: Callable[[int], object],
    plain: Callable[[int], object],
    database: Callable[[int], object],
    times: int,
) -> Iterator[Ratio]:
    assert ours(keys[0]) == plain(keys[0]), "the two must agree before their times count"

    def cost(find: Callable[[int], object]) -> Callable[[], float]:
        asked = cycle(keys)
        return lambda: microseconds_each(lambda: find(next(asked)), times)

    for peer, find, aim in (("dict", plain, DICT), ("SQLite", database, SQLITE)):
        a, b = interleaved(cost(ours), cost(find))
        yield Ratio(GOAL, f"{what}: store / {peer}, {size:,}", "µs", a, b, aim)
