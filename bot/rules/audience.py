"""Who is told what, about whom: whether the subject of a reminder is still open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final

from bot.rules import pause as pause_rules
from bot.rules.consent import is_unsettled
from bot.rules.dated import KINDS as DATED
from bot.rules.forms import is_in
from bot.rules.situation import BranchFacts, Situation, StudentFacts, Timing, WaitingClaim
from bot.rules.talks import is_open
from bot.rules.term import next_sending
from storage.records import BranchId, FormState, Item, PersonId, Stage, TalkState

Recipient = PersonId | BranchId  # a branch: its group

INTRODUCERS_NEEDED: Final = 2  # R11


def claim_moment(claim: WaitingClaim, timing: Timing) -> datetime:
    """When T10 asks about the claim: once the patience has passed and a reminder may leave.

    Never moved back: a mentor is not nudged before the third day.
    """
    asked = claim.at + timing.cadence.claim_patience
    return next_sending(asked, timing.calendar, timing.quiet)


def _owes_talk(student: StudentFacts) -> bool:
    """Whether the talk is still to be had, and nobody has released it or put it off."""
    return is_open(student.state) and Item.TALK not in student.exempt


def _owes_form(student: StudentFacts) -> bool:
    return not is_in(student.form) and Item.FORM not in student.exempt


def own_missing(student: StudentFacts) -> tuple[str, ...]:
    """What the student can still do (S5): ``talk`` or ``check`` (disputed), ``form``."""
    missing = []
    if student.mentors and _owes_talk(student):
        missing.append("check" if student.state is TalkState.DISPUTED else "talk")
    if _owes_form(student):
        missing.append("form")
    return tuple(missing)


_TALK_MISSING: Final[Mapping[TalkState, tuple[str, ...]]] = {
    TalkState.NONE: ("not_talked",),
    TalkState.CLAIMED: ("claimed",),
    TalkState.DISPUTED: ("disputed",),
    TalkState.CONFIRMED: (),
}


def branch_missing(student: StudentFacts) -> tuple[str, ...]:
    """What the review of the student still lacks, as the branch reads it (B3).

    The talk's state, then ``not_received`` or, of a paper that is in and not archived, ``record``
    and ``opinion``. Archiving without a tick was a human's decision and is not asked about again.
    """
    talk = () if Item.TALK in student.exempt else _TALK_MISSING[student.state]
    if not is_in(student.form):
        return (*talk, "not_received") if _owes_form(student) else talk
    waits = student.form is FormState.RECEIVED
    record = ("record",) if waits and not student.signed else ()
    opinion = ("opinion",) if waits and not student.opinion else ()
    return (*talk, *record, *opinion)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matters:
    """What needs the secretary's action (B1), each a list of students in the situation's order."""

    without_mentor: tuple[PersonId, ...]
    few_introducers: tuple[PersonId, ...]
    obstacles: tuple[PersonId, ...]
    to_record: tuple[PersonId, ...]  # claimed, the mentor is not enrolled (B8)
    disputed: tuple[PersonId, ...]
    unanswered: tuple[PersonId, ...]  # claimed, the mentor has let T10's time pass
    consents: tuple[PersonId, ...]  # a mentor has said 不便, or nothing after T17 (A20)
    not_enrolled: tuple[PersonId, ...]
    not_handed_out: tuple[PersonId, ...]
    opinions: tuple[PersonId, ...]  # the branch's opinion is to be written (R26, R27)
    to_archive: tuple[PersonId, ...]  # received and not archived


def _matters_of(situation: Situation, student: StudentFacts, at: datetime) -> dict[str, bool]:
    """Which lists of `Matters` the student is on."""
    claims = student.claims
    return {
        "without_mentor": not student.mentors,
        "few_introducers": student.stage in {Stage.CANDIDATE, Stage.PROBATIONARY}
        and bool(student.mentors)
        and student.introducers < INTRODUCERS_NEEDED,
        "obstacles": student.obstacle,
        "to_record": any(claim.mentor not in situation.enrolled for claim in claims),
        "disputed": student.state is TalkState.DISPUTED and _owes_talk(student),
        "unanswered": any(
            claim.mentor in situation.enrolled and claim_moment(claim, situation.timing) <= at
            for claim in claims
        ),
        "consents": any(
            is_unsettled(one, at, situation.timing.calendar, situation.timing.quiet)
            for one in student.asked
        ),
        "not_enrolled": student.id not in situation.enrolled,
        "not_handed_out": student.takes_part
        and student.form is FormState.NOT_HANDED_OUT
        and _owes_form(student),
        "opinions": "opinion" in branch_missing(student),
        "to_archive": student.form is FormState.RECEIVED,
    }


def matters(situation: Situation, branch: BranchId, at: datetime) -> Matters:
    """What needs action in one branch at that moment; all lists empty: nothing does.

    Whoever is away then is on none.
    """
    own = [
        (student.id, _matters_of(situation, student, at))
        for student in situation.students
        if student.branch == branch and not pause_rules.is_on(student.pause, at.date())
    ]
    return Matters(
        **{
            one.name: tuple(student for student, on in own if on[one.name])
            for one in fields(Matters)
        }
    )


def _to_talk(student: StudentFacts) -> bool:
    """Whom S1–S3 remind: a mentor to talk to (R7), nothing claimed, no 约不上 waiting."""
    return bool(student.mentors) and _owes_talk(student) and not student.obstacle


def is_overdue(student: StudentFacts) -> bool:
    """Whether the round, once its deadline has passed, still lacks something of the student."""
    return bool(branch_missing(student)) or student.form is FormState.RECEIVED


# Whether a student in the cycle is a subject of the message; B1 and the mentors' differ below.
_CONCERNS: Final[Mapping[str, Callable[[StudentFacts], bool]]] = {
    "C1": lambda student: student.form is FormState.NOT_HANDED_OUT and _owes_form(student),
    "C3": _owes_form,
    "C4": lambda student: (
        student.form is FormState.RECEIVED or bool(set(branch_missing(student)) - {"opinion"})
    ),
    "S1": _to_talk,
    "S2": _to_talk,
    "S3": _to_talk,
    "S4": _owes_form,
    "S5": lambda student: bool(own_missing(student)),
    "B3": is_overdue,
    "E1": is_overdue,
    "G1": lambda _: True,
}


def _mentor_is_told(kind: str, student: StudentFacts, mentor: PersonId) -> bool:
    # A claim is asked about even if the other mentor has confirmed: a question stays a question.
    waiting = any(claim.mentor == mentor for claim in student.claims)
    match kind:
        case "T1":
            return student.takes_part
        case "T2":
            return waiting or (student.takes_part and _owes_talk(student))
        case _:  # T10
            return waiting


def rests(timing: Timing, kind: str, student: StudentFacts, at: datetime) -> bool:
    """Whether a pause keeps the message of that moment about the student back."""
    if kind.startswith("S"):
        return pause_rules.rests(student.pause, at, timing.calendar, timing.quiet)
    return pause_rules.is_on(student.pause, at.date())


def _told(
    situation: Situation, kind: str, student: StudentFacts, branch: BranchFacts, at: datetime
) -> tuple[Recipient, ...]:
    """Everyone who gets that message about that student."""
    if rests(situation.timing, kind, student, at):
        return ()
    if kind.startswith("T"):
        return tuple(one for one in student.mentors if _mentor_is_told(kind, student, one))
    if kind == "B1":
        return branch.secretaries if any(_matters_of(situation, student, at).values()) else ()
    if not student.takes_part or not _CONCERNS[kind](student):
        return ()
    match kind[0]:
        case "S":
            return (student.id,)
        case "C":
            return branch.form_keepers
        case "B":
            return branch.secretaries
        case "E":
            return situation.office
        case _:  # G
            return (branch.id,) if branch.group else ()


def audience(
    situation: Situation, kind: str, at: datetime
) -> dict[Recipient, tuple[PersonId, ...]]:
    """Who gets the message at that moment, and about which students; nobody with an empty list.

    Enrolment is not asked here. Somebody with two branches gets the students of both.
    """
    lists: dict[Recipient, list[PersonId]] = {}
    if kind in DATED:
        for one in situation.dated:
            if one.kind == kind:
                lists.setdefault(one.to, []).append(one.about)
        return {to: tuple(dict.fromkeys(about)) for to, about in lists.items()}
    branches = {branch.id: branch for branch in situation.branches}
    for student in situation.students:
        branch = branches.get(student.branch, BranchFacts(id=student.branch))
        for recipient in _told(situation, kind, student, branch, at):
            lists.setdefault(recipient, []).append(student.id)
    return {recipient: tuple(students) for recipient, students in lists.items()}


def still_open(
    situation: Situation,
    kind: str,
    to: Recipient,
    about: tuple[PersonId, ...],
    at: datetime,
) -> tuple[PersonId, ...]:
    """Those of ``about`` who still are the message's subject. Empty: do not send it."""
    return tuple(one for one in audience(situation, kind, at).get(to, ()) if one in about)
