"""How students behave: most claim their talk in one of many ways, some late, some not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import Enum, auto

from bot.rehearsal.agenda import Script, minutes, seconds
from bot.rehearsal.botapi import Message
from bot.rehearsal.keepers import Keeper
from bot.rehearsal.mentors import Mentor
from bot.rehearsal.phone import Phone, buttons
from bot.rehearsal.stage import Stage
from storage.records import Person, TalkState

TALKED, BOTH = "已谈话", "两位都谈了"


class Habit(Enum):
    """What a student does about the talk."""

    BUTTON = auto()
    WORDS = auto()
    REPLY = auto()
    DATED = auto()  # says on the next day on which day it was
    SILENT = auto()  # leaves it to the mentor's /done
    LATE = auto()  # only after the last call
    GROUP = auto()  # answers the bot in the group
    UNDOES = auto()  # pressed too early, takes it back
    VAGUE = auto()  # is not understood
    TOMORROW = auto()  # announces it first
    DENIED = auto()  # says so before it is so; the mentor denies
    REDATED = auto()  # claims the wrong day; the mentor corrects it
    OBJECTS = auto()  # is recorded by a slip of the mentor's finger
    OBSTACLE = auto()  # 约不上老师
    NO_FORM = auto()  # 没拿到表
    BLOCKS = auto()  # blocks the bot before week 2
    NEVER = auto()  # does not talk at all


class Student:
    """One student with the mentors in charge, and the day of the talk and of the paper."""

    def __init__(
        self, stage: Stage, phone: Phone, person: Person, mentors: list[Mentor], keeper: Keeper
    ) -> None:
        self.stage = stage
        self.phone = phone
        self.id = person.id
        self.mentors = mentors
        self.keeper = keeper
        self.group: int | None = None
        self.habit = Habit.BUTTON
        self.talk_at = stage.on(2, 1, 15)
        self.hand_in_at = stage.on(4, 0, 15)

    def reads(self, message: Message) -> None:
        """Whoever was recorded by mistake objects."""
        if self.habit is Habit.OBJECTS and buttons(message, "没有谈"):
            confirmed = self.stage.ledger.talk(self.id, self.mentors[0].id)
            if confirmed is TalkState.CONFIRMED and self.stage.clock.now() < self.talk_at:
                self.stage.agenda.begin(_objects(self))

    def lives(self) -> Script:
        """The round of this student."""
        yield from _LIVES[self.habit](self)

    def hands_in(self) -> Script:
        """Carry the paper to the committee member: nothing that the bot sees."""
        yield self.hand_in_at
        self.keeper.box.append(self.id)

    def comes(self) -> None:
        """The talk takes place."""
        for mentor in self.mentors:
            mentor.met.append(self.id)

    def claims(self) -> None:
        for mentor in () if self.phone.held else self.mentors:
            self.stage.ledger.claim(self.id, mentor.id)

    def both_if_asked(self) -> Script:
        yield seconds(6)
        if self.phone.presses(BOTH, on=self.phone.last()):
            yield seconds(6)


def _by_button(one: Student) -> Script:
    yield one.talk_at
    one.comes()
    yield minutes(35)
    yield from _presses(one)


def _presses(one: Student, day: str = "今天") -> Script:
    one.phone.presses(TALKED)
    yield from one.both_if_asked()
    if one.phone.presses(day, on=one.phone.last()):
        one.claims()


def _in_words(one: Student) -> Script:
    yield one.talk_at
    one.comes()
    yield one.stage.awake(minutes(300))
    one.phone.says("已谈")
    yield from one.both_if_asked()
    one.claims()


def _by_reply(one: Student) -> Script:
    yield one.talk_at
    one.comes()
    yield minutes(90)
    one.phone.says("谈过了", reply_to=one.phone.sees(TALKED))
    yield from one.both_if_asked()
    one.claims()


def _with_date(one: Student) -> Script:
    yield one.talk_at
    one.comes()
    yield one.talk_at + timedelta(hours=21)
    one.phone.says(f"已谈 {_day(one.talk_at)}")
    yield from one.both_if_asked()
    one.claims()


def _day(at: datetime) -> str:
    return f"{at.month}月{at.day}日"


def _silently(one: Student) -> Script:
    yield one.talk_at
    one.comes()


def _in_the_group(one: Student) -> Script:
    yield one.talk_at
    one.comes()
    yield one.stage.today_at(19)
    posted = one.group and one.phone.last(one.group)
    if posted:
        one.phone.says("已谈", reply_to=posted)
        yield from one.both_if_asked()
        one.claims()


def _too_early(one: Student) -> Script:
    yield one.talk_at - timedelta(days=1)
    one.phone.presses(TALKED)
    yield from one.both_if_asked()
    one.phone.presses("今天", on=one.phone.last())
    yield minutes(1)
    one.phone.presses("撤销")
    yield from _by_button(one)


def _vaguely(one: Student) -> Script:
    yield one.talk_at
    one.comes()
    yield minutes(50)
    one.phone.says("差不多了吧")
    yield seconds(30)
    yield from _presses(one)


def _announced(one: Student) -> Script:
    yield one.talk_at - timedelta(hours=20)
    one.phone.says("明天谈")
    yield from _in_words(one)


def _before_it_is_so(one: Student) -> Script:
    mentor = one.mentors[0]
    mentor.denies.add(one.id)
    yield one.talk_at
    one.phone.says("已谈")
    yield seconds(6)
    one.claims()
    while one.stage.ledger.talk(one.id, mentor.id) is not TalkState.DISPUTED:
        yield timedelta(hours=3)
    yield one.stage.on(3, 1, 16)
    one.comes()
    yield minutes(30)
    one.phone.says(f"已谈 {_day(one.stage.clock.now())}")
    one.claims()


def _on_the_wrong_day(one: Student) -> Script:
    one.mentors[0].redates.add(one.id)
    yield one.talk_at
    one.comes()
    yield one.stage.awake(timedelta(hours=21))
    yield from _presses(one)


def _recorded_by_mistake(one: Student) -> Script:
    one.mentors[0].mistakes.append(one.id)
    yield from _silently(one)


def _objects(one: Student) -> Script:
    yield minutes(25)
    one.phone.presses("没有谈")
    one.stage.ledger.set_talk(one.id, one.mentors[0].id, TalkState.DISPUTED)


def _with_help(one: Student) -> Script:
    yield one.stage.on(2, 1, 12)
    one.phone.presses("约不上老师")
    yield seconds(10)
    while not _is_asked(one):  # until the secretary has answered
        yield timedelta(hours=3)
    yield one.stage.awake(timedelta(days=2))
    one.comes()
    yield minutes(20)
    yield from _presses(one)


def _is_asked(one: Student) -> bool:
    last = one.phone.last()
    return last is not None and bool(buttons(last, TALKED))


def _without_form(one: Student) -> Script:
    yield one.stage.on(2, 0, 10)
    one.keeper.lacking.append(one.id)
    one.phone.says("没拿到表")
    yield from _by_reply(one)


def _blocks(one: Student) -> Script:
    yield one.stage.on(1, 6, 20)
    one.phone.blocks()


def _nothing(one: Student) -> Script:
    yield one.talk_at


_LIVES: Mapping[Habit, Callable[[Student], Script]] = {
    Habit.BUTTON: _by_button,
    Habit.WORDS: _in_words,
    Habit.REPLY: _by_reply,
    Habit.DATED: _with_date,
    Habit.SILENT: _silently,
    Habit.LATE: _by_button,
    Habit.GROUP: _in_the_group,
    Habit.UNDOES: _too_early,
    Habit.VAGUE: _vaguely,
    Habit.TOMORROW: _announced,
    Habit.DENIED: _before_it_is_so,
    Habit.REDATED: _on_the_wrong_day,
    Habit.OBJECTS: _recorded_by_mistake,
    Habit.OBSTACLE: _with_help,
    Habit.NO_FORM: _without_form,
    Habit.BLOCKS: _blocks,
    Habit.NEVER: _nothing,
}
