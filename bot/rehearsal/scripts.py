"""What is going to happen in a rehearsal: everybody's scripts, begun in one place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.rehearsal.agenda import Script, minutes, seconds
from bot.rehearsal.company import STRANGER, Company
from bot.rehearsal.leads import leads
from bot.rehearsal.mentors import Custom
from bot.rehearsal.phone import Phone
from bot.rehearsal.students import TALKED, Habit, Student
from storage.records import PersonId

WRONG = "0000"  # typed by some before the right four characters
FACTOR = "（编号后四位）"
ONE_IN_WRONG = 20
FIRST = minutes(1)  # who shows the bot to others does not wait
WEEKEND_MINUTES = 58 * 60  # from Friday morning to Sunday evening, while the links are good
TRIED_OUT = ("/help", "/mydata", "进度", "指南", "/undo", "谢谢老师", "你是机器人吗")


def begin_everything(company: Company) -> None:
    """Put everybody's scripts on the agenda."""
    begin = company.stage.agenda.begin
    _give_special_parts(company)
    for student in company.students.values():
        begin(student.lives())
        if student.habit is not Habit.NEVER:
            begin(student.hands_in())
    for mentor in company.mentors.values():
        if mentor.custom is Custom.DONE:
            begin(mentor.records_weekly())
    for keeper in company.keepers:
        begin(keeper.hands_out())
        begin(keeper.takes_in())
        begin(keeper.archives())
    for secretary in company.secretaries.values():
        begin(secretary.links())
        begin(secretary.looks())
    begin(_stranger(company))
    begin(_curious(company))
    begin(_presses_an_old_button(company))
    begin(_office(company))


def _give_special_parts(company: Company) -> None:
    """One finger slips; the branches archive at different times, one of them with care."""
    stage = company.stage
    archiving = (stage.on(4, 2, 19), stage.on(5, 4, 15), stage.on(5, 5, 11))
    for keeper, at in zip(company.keepers, archiving, strict=False):
        keeper.archives_at = at
    for keeper in company.keepers[:1]:
        keeper.slips = True
        keeper.looks_through = True
    for student in company.students.values():
        if student.habit is Habit.NO_FORM:
            student.keeper.forgets.add(student.id)


# Enrolment


def latecomers(company: Company) -> dict[PersonId, datetime]:
    """Who enrols after the links have died: a student in week 2, a mentor in week 3."""
    stage = company.stage
    late = [
        one.id
        for one in company.students.values()
        if one.habit is Habit.WORDS and one.talk_at >= stage.on(2, 3, 0)
    ][:1]
    mentors = [
        one.id
        for one in company.mentors.values()
        if one.custom is Custom.PROMPT and not one.denies
    ][-1:]
    return {
        **dict.fromkeys(late, stage.on(2, 2, 12)),
        **dict.fromkeys(mentors, stage.on(3, 1, 10)),
    }


def never_come(company: Company) -> set[PersonId]:
    """Who never enrols: mentors without Telegram, and one student whose mentor records the talk."""
    absent = {one.id for one in company.mentors.values() if one.custom is Custom.ABSENT}
    silent = [one.id for one in company.students.values() if one.habit is Habit.SILENT]
    return absent | set(silent[:1])


def begin_enrolments(company: Company, links: dict[PersonId, tuple[str, str]]) -> None:
    """The leads open their links at once, the others over the weekend.

    ``links``: number and token by person.
    """
    stage, late, never = company.stage, latecomers(company), never_come(company)
    lead = leads(company)
    first = set(lead.telegrams().values()) if lead else set()
    for person, (number, token) in links.items():
        if company.phones[person].telegram in first:
            at = stage.clock.now() + FIRST
            stage.agenda.begin(enrols(company, person, number, token, at))
            continue
        if person in never:
            continue
        if person in late:
            stage.agenda.begin(_comes_late(company, person, number, token, late[person]))
            continue
        pause = minutes(stage.chance.randint(10, WEEKEND_MINUTES))
        wrong = not stage.chance.randrange(ONE_IN_WRONG)
        stage.agenda.begin(enrols(company, person, number, token, stage.awake(pause), wrong=wrong))


def enrols(
    company: Company,
    person: PersonId,
    number: str,
    token: str,
    at: datetime,
    *,
    wrong: bool = False,
) -> Script:
    """Open the link, type the last four characters (wrongly first), and be in."""
    phone = company.phones[person]
    yield at
    phone.opens(token)
    yield seconds(15)
    if wrong:
        phone.says(WRONG)
        yield seconds(10)
    phone.says(number[-4:], shown=FACTOR)
    company.stage.ledger.enrolled.add(person)


def _comes_late(
    company: Company, person: PersonId, number: str, token: str, at: datetime
) -> Script:
    """The link has died: another one is asked for."""
    yield at
    company.phones[person].opens(token)
    yield minutes(5)
    company.stage.links_wanted.append(number)


# People beside the round


def _stranger(company: Company) -> Script:
    phone = company.phone(STRANGER, "陌生人")
    yield company.stage.on(2, 0, 10, 20)
    phone.opens()
    for text in ("你好", "/status", "李明谈了吗？", "/done"):
        yield minutes(1)
        phone.says(text)


def _curious(company: Company) -> Script:
    """Some try out the commands, in one evening of week 2."""
    yield company.stage.on(2, 1, 20, 45)
    enrolled = company.stage.ledger.enrolled
    present = [phone for one, phone in company.phones.items() if one in enrolled]
    for phone in present[::19]:
        for text in TRIED_OUT:
            phone.says(text)
            yield seconds(40)


def _presses_an_old_button(company: Company) -> Script:
    """A second press, long after everything has been said."""
    yield company.stage.on(3, 4, 19)
    for phone in _phones_of(company.students.values(), Habit.BUTTON)[:2]:
        phone.presses(TALKED)
        yield timedelta(seconds=30)


def _phones_of(students: Iterable[Student], habit: Habit) -> list[Phone]:
    return [one.phone for one in students if one.habit is habit]


def _office(company: Company) -> Script:
    """The office looks on Mondays."""
    for week in (2, 3, 4, 6):
        yield company.stage.on(week, 0, 9, 30)
        for person in company.office:
            company.phones[person].says("/status")
