"""A student's next stage, and the mentors that it brings (R12, A24, R32)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot import college
from bot import path as ways
from bot.actions import consent, deed, hand_over
from bot.actions.paired import announce
from bot.actions.say import MENU, tell
from bot.desk import Desk
from bot.refusal import Refusal
from bot.rules import stages
from bot.rules.eligibility import Held, Reason, judge
from bot.rules.stages import StageVerdict
from storage.records import Decision, Deed, Ending, Pairing, Person, PersonId, Role, Stage


def verdict(desk: Desk, student: Person, to: Stage, day: date) -> StageVerdict:
    """Return whether the student can have reached that stage on that day."""
    extended = ways.extension(desk, student.id)
    return stages.judge(student, to, day, desk.today(), extended=extended)


def _refusal(desk: Desk, student: Person, to: Stage, day: date, judged: StageVerdict) -> Refusal:
    first = stages.earliest(student, ways.extension(desk, student.id))
    return Refusal(
        f"stage_{judged.value}",
        student=student.id,
        from_stage=student.stage.value,
        to_stage=to.value,
        since=student.stage_since and student.stage_since.isoformat(),
        first=first and first.isoformat(),
        on=day.isoformat(),
    )


def change_stage(
    desk: Desk,
    student: Person,
    to: Stage,
    day: date,
    by: PersonId | None,
    *,
    why: str | None = None,
    batch: Deed | None = None,
) -> Deed:
    """Record the stage reached on ``day``, inside the caller's open transaction; return the act.

    A new candidate's contacts become the introducers as far as they may (R12); contacts of a
    probationary member and all mentors of a full member have done their part (A24, R32).
    Refusal ``stage_…``: nothing has changed. ``stage_early`` goes through with a ``why``; nobody
    becomes 预备党员 but by a meeting that has received the student on that day (A1, R47).
    ``batch``: the first deed of the act of which this is a part.
    """
    judged = verdict(desk, student, to, day)
    if judged is not StageVerdict.OK and not (judged is StageVerdict.EARLY and why):
        raise _refusal(desk, student, to, day, judged)
    if to is Stage.PROBATIONARY and not _is_received(desk, student, day):
        raise Refusal("stage_by_meeting", student=student.id)
    reached = desk.store.people.put(replace(student, stage=to, stage_since=day))
    act = deed.record(
        desk,
        "stage",
        by,
        about=student.id,
        before=student,
        after=reached,
        batch=batch,
        why=why,
    )
    begun = _begin_introducers(desk, reached, day, act) if to is Stage.CANDIDATE else []
    _end_what_is_over(desk, reached, day, act)
    announce(desk, begun, act)
    if to is Stage.FULL:
        tell(desk, student.id, MENU)
    return act


def _is_received(desk: Desk, student: Person, day: date) -> bool:
    known = desk.store.introductions.where("student", student.id)
    return any(one.decision is Decision.ACCEPTED and one.meeting == day for one in known)


def _begin_introducers(desk: Desk, student: Person, day: date, act: Deed) -> list[Pairing]:
    """Make introducers of the contacts who may be: no relative, nobody excluded, two at most."""
    store, home = desk.store, desk.store.branches[student.branch]
    open_ones = college.open_pairings_of(store, student)
    held = [Held(one.role, store.people[one.mentor]) for one in open_ones]
    begun = []
    for contact in (one for one in open_ones if one.role is Role.CONTACT):
        mentor = store.people[contact.mentor]
        judged = judge(student, mentor, Role.INTRODUCER, home=home, held=held)
        if not judged.allowed or Reason.RELATIVE in judged.warnings:
            continue
        pairing = store.pairings.add(
            Pairing(
                student=student.id,
                mentor=mentor.id,
                role=Role.INTRODUCER,
                since=max(day, contact.since or day),
                asked=consent.moment(desk, mentor.id),
            )
        )
        deed.record(desk, "assign", act.by, about=student.id, after=pairing, batch=act)
        held.append(Held(Role.INTRODUCER, mentor))
        consent.ask(desk, pairing)
        begun.append(pairing)
    return begun


def _end_what_is_over(desk: Desk, student: Person, day: date, act: Deed) -> None:
    """End the pairings that no longer answer for the student; nobody is left without a mentor."""
    held = college.open_pairings_of(desk.store, student)
    has_introducers = any(one.role is Role.INTRODUCER for one in held)
    for one in desk.store.pairings.where("open_student", student.id):
        is_contact = one.role is Role.CONTACT
        if student.stage is Stage.CANDIDATE and not (is_contact and has_introducers):
            continue
        if student.stage is Stage.PROBATIONARY and not is_contact:
            continue
        last = max(day, one.since or day)
        successor = next((new for new in held if _continues(one, new)), None)
        hand_over.close(desk, one, Ending.STAGE, act.by, last, successor=successor, batch=act)


def _continues(former: Pairing, new: Pairing) -> bool:
    same = former.mentor == new.mentor
    return same and new.role is Role.INTRODUCER and former.role is Role.CONTACT
