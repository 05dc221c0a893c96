"""Who behaves how: drawn by lot, the special parts first, from whatever people there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import islice
from random import Random
from typing import TypeVar

from bot.rehearsal.mentors import Custom, Mentor
from bot.rehearsal.stage import Stage
from bot.rehearsal.students import Habit, Student

T = TypeVar("T")

CUSTOMS = {Custom.PROMPT: 55, Custom.DONE: 25, Custom.SLOW: 20}
ORDINARY = {Habit.BUTTON: 35, Habit.WORDS: 25, Habit.REPLY: 22, Habit.DATED: 18}
# When talks take place and when papers come in: week, weekday (0 is Monday), how likely.
TALK_DAYS = {(2, 1): 14, (2, 2): 16, (2, 3): 16, (2, 4): 14, (3, 0): 14, (3, 1): 14, (3, 2): 12}
LATE_DAYS = {(3, 3): 35, (3, 4): 25, (3, 5): 20, (3, 6): 20}
OBJECTED_DAYS = {(3, 1): 100}  # the mentor's finger slips on Friday of week 2
TALK_DAYS_OF = {Habit.LATE: LATE_DAYS, Habit.OBJECTS: OBJECTED_DAYS}
PAPER_DAYS = {(4, 0): 50, (4, 1): 30, (4, 2): 15, (5, 5): 5}
ONE_IN_LATE = 8


def _is_with(*customs: Custom) -> Callable[[Student], bool]:
    """Whether a student has one mentor, and that one behaves so."""
    return lambda one: len(one.mentors) == 1 and one.mentors[0].custom in customs


def _is_heard(one: Student) -> bool:
    return any(mentor.custom is Custom.PROMPT for mentor in one.mentors)


# Whom each special part suits, and how many play it.
SPECIAL: Sequence[tuple[Habit, int, Callable[[Student], bool]]] = (
    (Habit.DENIED, 1, _is_with(Custom.PROMPT)),
    (Habit.REDATED, 1, _is_with(Custom.PROMPT)),
    (Habit.OBJECTS, 1, _is_with(Custom.DONE)),
    (Habit.GROUP, 2, _is_with(Custom.PROMPT)),
    (Habit.OBSTACLE, 2, _is_heard),
    (Habit.NO_FORM, 1, _is_heard),
    (Habit.UNDOES, 1, _is_heard),
    (Habit.VAGUE, 1, _is_heard),
    (Habit.TOMORROW, 1, _is_heard),
    (Habit.BLOCKS, 1, bool),
    (Habit.NEVER, 1, bool),
)


def cast_mentors(chance: Random, mentors: Sequence[Mentor]) -> None:
    """One who never answers, one without account; the others by lot."""
    for one in mentors:
        one.custom = _draw(chance, CUSTOMS)
    for custom, one in zip((Custom.NEVER, Custom.ABSENT), mentors, strict=False):
        one.custom = custom


def cast_students(stage: Stage, students: Iterable[Student]) -> None:
    """Give everyone a habit and the days of the talk and of the paper."""
    chance = stage.chance
    waiting = list(students)
    chance.shuffle(waiting)
    for one in waiting:
        one.habit = _ordinary(chance, one)
    for habit, many, suits in SPECIAL:
        for one in list(islice(filter(suits, waiting), many)):
            one.habit = habit
            waiting.remove(one)
    for one in students:
        one.talk_at = _moment(stage, TALK_DAYS_OF.get(one.habit, TALK_DAYS))
        one.hand_in_at = _moment(stage, PAPER_DAYS)


def _ordinary(chance: Random, one: Student) -> Habit:
    recorded = all(mentor.custom is Custom.DONE for mentor in one.mentors)
    if recorded and one.mentors and chance.random() < 0.5:
        return Habit.SILENT
    return Habit.LATE if not chance.randrange(ONE_IN_LATE) else _draw(chance, ORDINARY)


def _moment(stage: Stage, days: dict[tuple[int, int], int]) -> datetime:
    week, weekday = _draw(stage.chance, days)
    return stage.on(week, weekday, stage.chance.randint(10, 16), stage.chance.randint(0, 59))


def _draw(chance: Random, weights: dict[T, int]) -> T:
    return chance.choices(list(weights), list(weights.values()))[0]
