"""What has been released or put off, on a card and in /status, and the buttons that decide it."""

from __future__ import annotations

from bot import college
from bot.actions import exemption
from bot.compose.presses import Rows, named
from bot.compose.reading import Reading
from messages.facts import ExemptLine
from storage.records import Person, PersonId, Relief


def lines(reading: Reading, student: Person) -> list[ExemptLine]:
    """Return what is released or put off for the student in this round."""
    found = exemption.of_student(reading.desk, student)
    return [
        ExemptLine(item=one.item, relief=one.relief, day=one.day)
        for one in found.values()
        if one.relief is not None
    ]


def card_rows(reading: Reading) -> Rows:
    """Return 免除 and 推迟 for what is overdue, 恢复 for what was decided: the branch's secretary's alone."""
    student = reading.desk.store.people[PersonId(reading.row.args["student"])]
    is_own = student.branch == reading.reader.branch and student.left is None
    if not is_own or not college.is_secretary(reading.desk.store, reading.reader):
        return []
    if reading.term is None:
        return []
    rows = []
    for item in exemption.may_be(reading.desk, student):
        args = {"student": student.id, "item": item}
        rows.append(
            [
                named(
                    reading, exemption.name_of(item, relief), "exempt", {**args, "relief": relief}
                )
                for relief in Relief
            ]
        )
    for item in exemption.of_student(reading.desk, student):
        args = {"student": student.id, "item": item, "relief": None}
        rows.append([named(reading, exemption.name_of(item, None), "exempt", args)])
    return rows
