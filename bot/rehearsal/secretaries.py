"""How secretaries behave: /link, /status, 代记 and help for those who cannot reach their mentor."""

from __future__ import annotations

from datetime import timedelta

from bot.rehearsal.agenda import Script, minutes, seconds
from bot.rehearsal.botapi import Message
from bot.rehearsal.mentors import Mentor
from bot.rehearsal.phone import Phone, buttons
from bot.rehearsal.stage import Stage
from bot.rehearsal.students import Student
from storage.records import PersonId, TalkState

HAND_ON, ARRANGED = "代记", "已联系好"


class Secretary:
    """Answers for a student branch: helps who is stuck, records for mentors without account."""

    def __init__(self, stage: Stage, phone: Phone, group: int) -> None:
        self._stage = stage
        self.phone = phone
        self.group = group
        self.students: dict[PersonId, Student] = {}

    def reads(self, message: Message) -> None:
        """A question with buttons is answered within the hour."""
        if buttons(message, HAND_ON):
            self._stage.agenda.begin(self._records_for(message))
        elif buttons(message, ARRANGED):
            self._stage.agenda.begin(self._helps())

    def links(self) -> Script:
        """/link, once everybody has had time to enrol."""
        yield self._stage.on(1, 0, 8, 40)
        self.phone.says("/link", chat=self.group)

    def looks(self) -> Script:
        """/status after each summary."""
        for week, weekday, hour in ((2, 4, 17), (3, 3, 9), (4, 2, 10)):
            yield self._stage.on(week, weekday, hour, 20)
            self.phone.says("/status")

    def _records_for(self, message: Message) -> Script:
        yield self._stage.awake(minutes(70))
        if not self.phone.presses(HAND_ON, on=message):
            return
        ledger = self._stage.ledger
        for student in self.students.values():
            for mentor in student.mentors:
                claimed = ledger.talk(student.id, mentor.id) is TalkState.CLAIMED
                if claimed and _is_about(message, student, mentor):
                    ledger.set_talk(student.id, mentor.id, TalkState.CONFIRMED)

    def _helps(self) -> Script:
        """The last of those who wait gets a new day, the others are helped at once."""
        yield self._stage.awake(minutes(40))
        while (asked := self.phone.sees(ARRANGED)) and len(buttons(asked, ARRANGED)) > 1:
            self.phone.presses(ARRANGED)
            yield seconds(10)
        if self.phone.presses("改期"):
            yield seconds(10)
            day = self._stage.today() + timedelta(days=3)
            self.phone.says(f"{day.month}月{day.day}日")


def _is_about(message: Message, student: Student, mentor: Mentor) -> bool:
    names = (f"{student.phone.owner}同", f"与{mentor.phone.owner}")
    return all(name in message.text for name in names)
