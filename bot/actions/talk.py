"""What can happen to a half-year talk: claimed, confirmed, denied, objected to, recorded for somebody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot import college
from bot.actions import deed, mentor_list, obstacle
from bot.actions.own_talks import may_redate, open_pairings, running_term
from bot.actions.say import tell
from bot.desk import Desk
from bot.refusal import Refusal
from bot.rules import talks as rules
from bot.rules.forms import is_in
from bot.rules.talks import Act, DayVerdict, Side
from storage.records import Deed, Pairing, Person, PersonId, Row, Talk, TalkId, TalkState

__all__ = ["open_pairings", "running_term"]


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def check_day(desk: Desk, day: date) -> None:
    """Refuse a day after today or before the term (policy A13, R42)."""
    verdict = rules.day_verdict(day, desk.today(), running_term(desk).week1)
    if verdict is DayVerdict.FUTURE:
        raise Refusal("day_future")
    if verdict is DayVerdict.BEFORE_TERM:
        raise Refusal("day_before_term")


def _write(
    desk: Desk,
    pairing: Pairing,
    state: TalkState,
    day: date | None,
    by: PersonId,
    what: str,
    *,
    proxy: bool = False,
    batch: Deed | None = None,
) -> tuple[Talk, Deed]:
    term = running_term(desk)
    before = college.talk_of(desk.store, pairing, term)
    talk = Talk(
        id=before.id if before else TalkId(0),
        pairing=pairing.id,
        term=term.id,
        state=state,
        day=day,
        recorded=desk.now(),
        by=by,
        proxy=proxy,
    )
    after = desk.store.talks.put(talk) if before else desk.store.talks.add(talk)
    written = deed.record(
        desk, what, by, about=pairing.student, before=before, after=after, batch=batch
    )
    return after, written


def claim(desk: Desk, student: Person, pairings: Sequence[Pairing], day: date) -> Row | None:
    """The student says that the talk took place (none, disputed → claimed); each mentor is asked.

    Claiming again on another day moves the claim; on the same day it is only said again.
    """
    check_day(desk, day)
    first: Deed | None = None
    claimed_pairings = []
    for pairing in pairings:
        talk = college.talk_of(desk.store, pairing, running_term(desk))
        is_open = talk is None or rules.is_open(talk.state)
        if talk and not is_open and (talk.day == day or not may_redate(desk, talk)):
            continue
        state = talk.state if talk else TalkState.NONE
        reached = rules.after(Side.STUDENT, Act.CLAIM if is_open else Act.REDATE, state)
        if reached is None:
            raise Refusal("nothing_open")
        claimed, written = _write(desk, pairing, reached, day, student.id, "claim", batch=first)
        first = first or written
        claimed_pairings.append(pairing)
        mentor_list.ask(desk, pairing, claimed)
    if first is None:
        raise already_said(desk, pairings)
    obstacle.close(desk, student, by=student.id, batch=first)
    return _tell_of_claim(desk, student, claimed_pairings, day, first)


def _tell_of_claim(
    desk: Desk, student: Person, pairings: Sequence[Pairing], day: date, act: Deed
) -> Row | None:
    unasked = [one.mentor for one in pairings if not college.is_enrolled(desk.store, one.mentor)]
    return tell(
        desk,
        student.id,
        "S10b" if unasked else "S10",
        {
            "day": day.isoformat(),
            "mentors": [one.mentor for one in pairings],
            "pairings": [one.id for one in pairings],
            "not_enrolled": unasked,
            "half_year": True,
            "act": act.batch,
        },
    )


def already_said(desk: Desk, pairings: Sequence[Pairing]) -> Refusal:
    """Return the refusal of a claim that says nothing new: what waits, else what is confirmed."""
    talks = [college.talk_of(desk.store, pairing, running_term(desk)) for pairing in pairings]
    said = [(one, talk) for one, talk in zip(pairings, talks, strict=True) if talk and talk.day]
    for state, kind, people in (
        (TalkState.CLAIMED, "already_claimed", "mentors"),
        (TalkState.CONFIRMED, "already_confirmed", "people"),
    ):
        found = [(pairing, talk) for pairing, talk in said if talk.state is state]
        if found:
            day = found[0][1].day
            same = [pairing.mentor for pairing, talk in found if talk.day == day]
            return Refusal(kind, day=_iso(day), **{people: same})
    return Refusal("nothing_open")


def confirm(desk: Desk, mentor: Person, talk: Talk, day: date | None = None) -> None:
    """The mentor answers or corrects what is recorded: it is true, perhaps on another day (S14)."""
    pairing = desk.store.pairings[talk.pairing]
    if talk.state is TalkState.CONFIRMED and day in (None, talk.day):
        raise Refusal("already_done", day=_iso(talk.day), people=[pairing.student])
    new_day = day or talk.day
    if new_day is None:
        raise Refusal("already_answered")
    what = "confirmation" if talk.state is TalkState.CLAIMED else "done"
    _confirm(desk, mentor, pairing, talk, new_day, what)


def done(
    desk: Desk, mentor: Person, pairings: Sequence[Pairing], day: date | None, said_on: date
) -> list[Talk]:
    """The mentor has talked: confirmed at once, and the students are told.

    Without ``day`` a claim keeps the day it names, what is confirmed already stays as it is, and
    anything else took place when it was said. Returns the talks that have changed.
    """
    first: Deed | None = None
    changed = []
    for pairing in pairings:
        talk = college.talk_of(desk.store, pairing, running_term(desk))
        state = talk.state if talk else TalkState.NONE
        if talk and state is TalkState.CONFIRMED and day in (None, talk.day):
            continue
        claimed = talk.day if talk and state is TalkState.CLAIMED else None
        new_day = day or claimed or said_on
        after, written = _confirm(desk, mentor, pairing, talk, new_day, "done", first)
        first = first or written
        changed.append(after)
    return changed


def _confirm(
    desk: Desk,
    mentor: Person,
    pairing: Pairing,
    before: Talk | None,
    day: date,
    what: str,
    batch: Deed | None = None,
) -> tuple[Talk, Deed]:
    """Confirmed on that day; the student reads an answer (S11, S14) or, unasked, news (S12)."""
    check_day(desk, day)
    state = before.state if before else TalkState.NONE
    after, written = _write(desk, pairing, TalkState.CONFIRMED, day, mentor.id, what, batch=batch)
    answer = "S11" if before and before.day == day else "S14"
    _tell_student(desk, pairing, after, "S12" if rules.is_open(state) else answer)
    mentor_list.follow(desk, pairing, after)
    return after, written


def deny(desk: Desk, mentor: Person, talk: Talk) -> None:
    """The mentor says: not yet (claimed → disputed); the student is asked to check the day."""
    pairing = desk.store.pairings[talk.pairing]
    reached = rules.after(Side.MENTOR, Act.DENY, talk.state)
    if reached is None:
        raise Refusal("already_answered")
    after, _ = _write(desk, pairing, reached, talk.day, mentor.id, "denial")
    _tell_student(desk, pairing, after, "S13")
    mentor_list.follow(desk, pairing, after)


def object_to(desk: Desk, student: Person, talk: Talk) -> None:
    """The student says that the talk which the mentor recorded did not take place (confirmed → disputed)."""
    pairing = desk.store.pairings[talk.pairing]
    reached = rules.after(Side.STUDENT, Act.OBJECT, talk.state)
    if reached is None or not may_redate(desk, talk):
        raise Refusal("stale_button")
    after, written = _write(desk, pairing, reached, talk.day, student.id, "objection")
    tell(desk, pairing.mentor, "T12", {"talk": after.id}, about=(student.id,))
    tell(desk, student.id, "talk_objected", {"talk": after.id, "act": written.batch})


def record_for(desk: Desk, secretary: Person, talk: Talk) -> None:
    """代记: the secretary has checked a claim for a mentor without account (B8); marked so for ever."""
    pairing = desk.store.pairings[talk.pairing]
    if talk.state is TalkState.CONFIRMED:
        raise Refusal("already_confirmed", day=_iso(talk.day), people=[pairing.student])
    reached = rules.after(Side.SECRETARY, Act.RECORD_FOR, talk.state)
    if reached is None or talk.state is not TalkState.CLAIMED:
        raise Refusal("stale_button")
    after, written = _write(desk, pairing, reached, talk.day, secretary.id, "proxy", proxy=True)
    _tell_student(desk, pairing, after, "S11")
    mentor_list.follow(desk, pairing, after)
    tell(desk, secretary.id, "proxy_noted", {"talk": after.id, "act": written.batch})


def _tell_student(desk: Desk, pairing: Pairing, talk: Talk, kind: str) -> None:
    form = college.form_state(desk.store, pairing.student, running_term(desk))
    args = {"talk": talk.id, "form_due": not is_in(form)}
    if talk.proxy:
        args["proxy"] = talk.by
    tell(desk, pairing.student, kind, args)


def undone(desk: Desk, talk: Talk, what: str, by: PersonId) -> None:
    """Tell the other side that a talk's record has been taken back; ``talk``: as it is again."""
    pairing = desk.store.pairings[talk.pairing]
    mentor_list.follow(desk, pairing, talk)
    if by != pairing.student:
        args = {"mentor": by, "what": what, "state": talk.state}
        tell(desk, pairing.student, "talk_taken_back", args)
    elif what == "objection":
        tell(desk, pairing.mentor, "objection_taken_back", {"student": pairing.student})
