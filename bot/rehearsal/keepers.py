"""How committee members behave: forms out, in, archived, on the days that the round has for it."""

from __future__ import annotations

from collections.abc import Iterable

from bot.rehearsal.agenda import Script, seconds
from bot.rehearsal.phone import Phone
from bot.rehearsal.stage import Stage
from storage.records import FormState, PersonId

RECEIVED_DAY, ARCHIVE_COMPLETE = "收到日期", "已齐的全部归档"
SIGNATURES = {"导师已签": "全部已签", "意见已填": "全部已填"}


class Keeper:
    """Who keeps a branch's forms. ``box``: papers on the desk, not yet entered."""

    def __init__(self, stage: Stage, phone: Phone) -> None:
        self._stage = stage
        self._phone = phone
        self.telegram = phone.telegram
        self.students: dict[PersonId, str] = {}  # how the bot labels them
        self.lacking: list[PersonId] = []  # came to say that they have no form
        self.forgets: set[PersonId] = set()  # not there when the forms were handed out
        self.box: list[PersonId] = []
        self.slips = False  # the finger slips once
        self.archives_at = stage.on(5, 6, 9)
        self.looks_through = False  # notes the signatures before archiving

    def hands_out(self) -> Script:
        """Monday of week 1; those who were not there get theirs when they ask."""
        yield self._stage.on(1, 0, 14)
        yield from self._opens("发表")
        there = [one for one in self.students if one not in self.forgets]
        if len(there) == len(self.students):
            self._phone.presses("全部已发")
            self._note(there, FormState.HANDED_OUT)
        else:
            yield from self._taps(there, FormState.HANDED_OUT)
        yield self._stage.on(2, 0, 17, 30)
        if self.lacking:
            yield from self._opens("发表")
            yield from self._taps(self.lacking, FormState.HANDED_OUT)

    def takes_in(self) -> Script:
        """Every evening of week 4, then once in week 5 what was late."""
        evenings = [self._stage.on(4, day, 17) for day in range(5)]
        for evening in (*evenings, self._stage.on(5, 6, 17)):
            yield evening
            pile, self.box = self.box, []
            if pile and not self._phone.sees(RECEIVED_DAY):
                yield from self._opens("收表")
            if self.slips and pile:
                self.slips = False
                yield from self._slip(pile)
            yield from self._taps(pile, FormState.RECEIVED, newest=RECEIVED_DAY)

    def _slip(self, pile: list[PersonId]) -> Script:
        """A wrong name, taken back at once."""
        wrong = next((one for one in self.students if one not in pile), None)
        for _ in range(2 if wrong else 0):
            listed = self._phone.sees(RECEIVED_DAY)
            name = self.students[wrong] if wrong else ""
            self._phone.presses(name, on=listed) or self._phone.presses(f"✓ {name}", on=listed)
            yield seconds(15)

    def archives(self) -> Script:
        """What is complete at once, the others one by one, although the bot asks again."""
        yield self.archives_at
        forms = self._stage.ledger.forms
        received = [one for one in self.students if forms.get(one) is FormState.RECEIVED]
        for which, everyone in SIGNATURES.items() if self.looks_through else ():
            yield from self._opens(which)
            self._phone.presses(everyone)
            yield seconds(5)
        yield from self._opens("归档")
        if self._phone.presses(ARCHIVE_COMPLETE):
            yield seconds(5)
        if self.looks_through:
            self._note(received, FormState.ARCHIVED)
        else:
            yield from self._taps(received, FormState.ARCHIVED, newest=ARCHIVE_COMPLETE, times=2)

    def _opens(self, which: str) -> Script:
        self._phone.says("/forms")
        yield seconds(5)
        self._phone.presses(which, on=self._phone.last())
        yield seconds(5)

    def _taps(
        self,
        students: Iterable[PersonId],
        state: FormState,
        *,
        newest: str = "全部已发",
        times: int = 1,
    ) -> Script:
        for one in students:
            for _ in range(times):
                self._phone.presses(self.students[one], on=self._phone.sees(newest))
                yield seconds(3)
            self._note([one], state)

    def _note(self, students: Iterable[PersonId], state: FormState) -> None:
        self._stage.ledger.forms.update(dict.fromkeys(students, state))
