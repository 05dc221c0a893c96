"""How mentors behave: most answer soon, some wait for the digest, some only type /done, one never."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, auto

from bot.rehearsal.agenda import Script, minutes, seconds
from bot.rehearsal.botapi import Message
from bot.rehearsal.phone import Phone, buttons
from bot.rehearsal.stage import Stage
from storage.records import Person, PersonId, TalkState

TRUE, NOT_YET, WRONG_DATE = "属实", "还没谈", "日期不对"


class Custom(Enum):
    """What a mentor makes of the bot."""

    PROMPT = auto()  # answers a claim within hours
    SLOW = auto()  # answers once the digest of week 3 has come
    DONE = auto()  # records the week's talks with /done
    NEVER = auto()  # reads nothing
    ABSENT = auto()  # has no account


class Mentor:
    """One mentor. ``met`` are those who came and whom the mentor has still to record."""

    def __init__(self, stage: Stage, phone: Phone, person: Person, custom: Custom) -> None:
        self._stage = stage
        self._answering = False
        self.phone = phone
        self.id = person.id
        self.custom = custom
        self.students: dict[PersonId, str] = {}  # how the bot labels them
        self.met: list[PersonId] = []
        self.mistakes: list[PersonId] = []  # recorded by a slip of the finger
        self.denies: set[PersonId] = set()
        self.redates: set[PersonId] = set()

    def reads(self, message: Message) -> None:
        """A list of claims sets those in motion who answer such lists."""
        late = self._stage.clock.now() >= self._stage.on(3, 2, 9)
        answers = self.custom is Custom.PROMPT or (self.custom is Custom.SLOW and late)
        if answers and not self._answering and buttons(message, TRUE):
            self._answering = True
            self._stage.agenda.begin(self._answers())

    def _answers(self) -> Script:
        yield self._stage.awake(minutes(self._stage.chance.randint(15, 150)))
        while message := self.phone.sees(TRUE):
            yield from self._answer(message)
            yield seconds(20)
        self._answering = False

    def _answer(self, message: Message) -> Script:
        """Answer the first claim of the list."""
        label = buttons(message, TRUE)[0][0]
        student = self._meant(label)
        name, ledger = label.removeprefix(TRUE), self._stage.ledger
        if student in self.denies:
            self.denies.discard(student)
            self.phone.presses(NOT_YET + name, on=message)
            ledger.set_talk(student, self.id, TalkState.DISPUTED)
            return
        if student in self.redates:
            self.redates.discard(student)
            self.phone.presses(WRONG_DATE + name, on=message)
            yield seconds(8)
            self.phone.presses("昨天")
        else:
            self.phone.presses(TRUE + name, on=message)
        ledger.set_talk(student, self.id, TalkState.CONFIRMED)

    def _meant(self, label: str) -> PersonId:
        """Whom a button means; a bare one the only student who waits."""
        waiting = self._stage.ledger.claimants(self.id)
        name = label.removeprefix(TRUE).strip()
        meant = [one for one in waiting if not name or self.students[one] == name]
        if len(meant) != 1:
            raise LookupError(f"{self.phone.owner}：不知道 [{label}] 指的是谁")
        return meant[0]

    def records_weekly(self) -> Script:
        """/done on Friday of week 2, on Thursday and on Sunday of week 3, for whoever came."""
        for week, weekday in ((2, 4), (3, 3), (3, 6)):
            yield self._stage.on(week, weekday, 17, 20)
            yield from self._records([*self.met, *self.mistakes])
            self.met, self.mistakes = [], []

    def _records(self, students: Iterable[PersonId]) -> Script:
        ledger = self._stage.ledger
        if self.phone.held:
            return
        left = [one for one in students if ledger.talk(one, self.id) is not TalkState.CONFIRMED]
        if len(left) == 1:
            self.phone.says(f"/done {self.students[left[0]]}")
            ledger.set_talk(left[0], self.id, TalkState.CONFIRMED)
            return
        if left:
            self.phone.says("/done")
        for one in left:
            yield seconds(6)
            self.phone.presses(self.students[one], on=self.phone.last())
            ledger.set_talk(one, self.id, TalkState.CONFIRMED)
