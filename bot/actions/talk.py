"""What can happen to a talk by its own people: claimed, confirmed, denied, objected to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot import college
from bot import path as ways
from bot.actions import deed, introduction_cards, mentor_list, obstacle
from bot.actions.own_talks import Owed, may_redate, owed_of, running_term, talk_at
from bot.actions.say import tell
from bot.desk import Desk
from bot.refusal import Denied, Refusal
from bot.rules import introduction as introduction_rules
from bot.rules import talks as rules
from bot.rules.forms import is_in
from bot.rules.introduction import Trouble
from bot.rules.talks import Act, DayVerdict, Side
from storage.records import Deed, Pairing, Person, PersonId, Row, Talk, TalkId, TalkKind, TalkState


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def check_day(desk: Desk, day: date) -> None:
    """Refuse a day after today or before the term (policy A13, R42)."""
    verdict = rules.day_verdict(day, desk.today(), running_term(desk).week1)
    if verdict is DayVerdict.FUTURE:
        raise Refusal("day_future")
    if verdict is DayVerdict.BEFORE_TERM:
        raise Refusal("day_before_term")


def check_talk_day(desk: Desk, owed: Owed, day: date) -> None:
    """Refuse a day on which that talk cannot have taken place; an introduction's lies on its way (R45)."""
    if owed.kind is TalkKind.HALF_YEAR:
        check_day(desk, day)
        return
    path = ways.open_path(desk, owed.pairing.student)
    if path is None:
        raise Refusal("intro_closed", student=owed.pairing.student)
    match introduction_rules.day_trouble(path, day, desk.today()):
        case Trouble.FUTURE:
            raise Refusal("day_future")
        case Trouble.BEFORE_CANDIDATE:
            raise Refusal("intro_before_candidate", day=_iso(path.since))
        case Trouble.NOT_BEFORE_MEETING:
            raise Refusal("talk_not_before_meeting", day=_iso(path.meeting))


def require_side(person: Person, pairing: Pairing, side: Side) -> None:
    """Refuse whoever is not, or no longer, on that side of the talk: an old button proves nothing."""
    whose = pairing.student if side is Side.STUDENT else pairing.mentor
    if person.id != whose or pairing.until is not None:
        raise Denied("not_allowed")


def write(
    desk: Desk,
    owed: Owed,
    state: TalkState,
    day: date | None,
    by: PersonId,
    what: str,
    *,
    proxy: bool = False,
    batch: Deed | None = None,
    why: str | None = None,
) -> tuple[Talk, Deed]:
    """Write down where the talk stands now, and who did it."""
    before = talk_at(desk, owed)
    is_half_year = owed.kind is TalkKind.HALF_YEAR
    talk = Talk(
        id=before.id if before else TalkId(0),
        pairing=owed.pairing.id,
        term=running_term(desk).id if is_half_year else ways.NO_TERM,
        kind=owed.kind,
        state=state,
        day=day,
        recorded=desk.now(),
        by=by,
        proxy=proxy,
    )
    after = desk.store.talks.put(talk) if before else desk.store.talks.add(talk)
    written = deed.record(
        desk,
        what,
        by,
        about=owed.pairing.student,
        before=before,
        after=after,
        batch=batch,
        why=why,
    )
    if not is_half_year:
        introduction_cards.follow(desk, owed.pairing.student)
    return after, written


def claim(desk: Desk, student: Person, talks: Sequence[Owed], day: date) -> Row | None:
    """The student says that the talks took place (none, disputed → claimed); each mentor is asked.

    Claiming again on another day moves the claim; on the same day it is only said again.
    """
    first: Deed | None = None
    claimed = []
    for owed in talks:
        require_side(student, owed.pairing, Side.STUDENT)
        check_talk_day(desk, owed, day)
        talk = talk_at(desk, owed)
        is_open = talk is None or rules.is_open(talk.state)
        if talk and not is_open and (talk.day == day or not may_redate(desk, talk)):
            continue
        state = talk.state if talk else TalkState.NONE
        reached = rules.after(Side.STUDENT, Act.CLAIM if is_open else Act.REDATE, state)
        if reached is None:
            raise Refusal("nothing_open")
        noted, written = write(desk, owed, reached, day, student.id, "claim", batch=first)
        first = first or written
        claimed.append(owed)
        mentor_list.ask(desk, owed.pairing, noted)
    if first is None:
        raise already_said(desk, talks)
    obstacle.close(desk, student, by=student.id, batch=first)
    return _tell_of_claim(desk, student, claimed, day, first)


def _tell_of_claim(
    desk: Desk, student: Person, talks: Sequence[Owed], day: date, act: Deed
) -> Row | None:
    mentors = list(dict.fromkeys(one.pairing.mentor for one in talks))
    unasked = [one for one in mentors if not college.is_enrolled(desk.store, one)]
    kinds = list(dict.fromkeys(one.kind for one in talks))
    return tell(
        desk,
        student.id,
        "S10b" if unasked else "S10",
        {
            "day": day.isoformat(),
            "mentors": mentors,
            "pairings": list(dict.fromkeys(one.pairing.id for one in talks)),
            "of": kinds,
            "not_enrolled": unasked,
            "half_year": TalkKind.HALF_YEAR in kinds,
            "act": act.batch,
        },
    )


def already_said(desk: Desk, talks: Sequence[Owed]) -> Refusal:
    """Return the refusal of a claim that says nothing new: what waits, else what is confirmed."""
    found = [(one, talk) for one in talks if (talk := talk_at(desk, one)) and talk.day]
    for state, kind, people in (
        (TalkState.CLAIMED, "already_claimed", "mentors"),
        (TalkState.CONFIRMED, "already_confirmed", "people"),
    ):
        said = [(owed, talk) for owed, talk in found if talk.state is state]
        if said:
            day = said[0][1].day
            same = dict.fromkeys(owed.pairing.mentor for owed, talk in said if talk.day == day)
            return Refusal(kind, day=_iso(day), **{people: list(same)})
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
    _confirm(desk, mentor, owed_of(desk, talk), talk, new_day, what)


def done(
    desk: Desk, mentor: Person, talks: Sequence[Owed], day: date | None, said_on: date
) -> list[Talk]:
    """The mentor has talked: confirmed at once, and the students are told.

    Without ``day`` a claim keeps the day it names, what is confirmed already stays as it is, and
    anything else took place when it was said. Returns the talks that have changed.
    """
    first: Deed | None = None
    changed = []
    for owed in talks:
        talk = talk_at(desk, owed)
        state = talk.state if talk else TalkState.NONE
        if talk and state is TalkState.CONFIRMED and day in (None, talk.day):
            continue
        claimed = talk.day if talk and state is TalkState.CLAIMED else None
        new_day = day or claimed or said_on
        after, written = _confirm(desk, mentor, owed, talk, new_day, "done", first)
        first = first or written
        changed.append(after)
    return changed


def _confirm(
    desk: Desk,
    mentor: Person,
    owed: Owed,
    before: Talk | None,
    day: date,
    what: str,
    batch: Deed | None = None,
) -> tuple[Talk, Deed]:
    """Confirmed on that day; the student reads an answer (S11, S14) or, unasked, news (S12)."""
    require_side(mentor, owed.pairing, Side.MENTOR)
    check_talk_day(desk, owed, day)
    state = before.state if before else TalkState.NONE
    after, written = write(desk, owed, TalkState.CONFIRMED, day, mentor.id, what, batch=batch)
    answer = "S11" if before and before.day == day else "S14"
    tell_student(desk, owed.pairing, after, "S12" if rules.is_open(state) else answer)
    mentor_list.follow(desk, owed.pairing, after)
    return after, written


def deny(desk: Desk, mentor: Person, talk: Talk) -> None:
    """The mentor says: not yet (claimed → disputed); the student is asked to check the day."""
    pairing = desk.store.pairings[talk.pairing]
    reached = rules.after(Side.MENTOR, Act.DENY, talk.state)
    if reached is None:
        raise Refusal("already_answered")
    after, _ = write(desk, owed_of(desk, talk), reached, talk.day, mentor.id, "denial")
    tell_student(desk, pairing, after, "S13")
    mentor_list.follow(desk, pairing, after)


def object_to(desk: Desk, student: Person, talk: Talk) -> None:
    """The student says that the talk which the mentor recorded did not take place (confirmed → disputed)."""
    pairing = desk.store.pairings[talk.pairing]
    require_side(student, pairing, Side.STUDENT)
    reached = rules.after(Side.STUDENT, Act.OBJECT, talk.state)
    if reached is None or not may_redate(desk, talk):
        raise Refusal("stale_button")
    after, written = write(desk, owed_of(desk, talk), reached, talk.day, student.id, "objection")
    tell(desk, pairing.mentor, "T12", {"talk": after.id}, about=(student.id,))
    tell(desk, student.id, "talk_objected", {"talk": after.id, "act": written.batch})


def tell_student(desk: Desk, pairing: Pairing, talk: Talk, kind: str) -> None:
    """Tell the student what has become of the talk; of a 代记 who has recorded it."""
    args: dict[str, object] = {"talk": talk.id, "form_due": False}
    if talk.kind is TalkKind.HALF_YEAR:
        form = college.form_state(desk.store, pairing.student, running_term(desk))
        args["form_due"] = not is_in(form)
    if talk.proxy:
        args["proxy"] = talk.by
    tell(desk, pairing.student, kind, args)


def undone(desk: Desk, talk: Talk, what: str, by: PersonId) -> None:
    """Tell the other side that a talk's record has been taken back; ``talk``: as it is again."""
    pairing = desk.store.pairings[talk.pairing]
    mentor_list.follow(desk, pairing, talk)
    if talk.kind is TalkKind.INTRODUCTION:
        introduction_cards.follow(desk, pairing.student)
    if by != pairing.student:
        args = {"mentor": by, "what": what, "state": talk.state}
        tell(desk, pairing.student, "talk_taken_back", args)
        if by != pairing.mentor:  # the secretary's act: the mentor has been told of it as well
            tell(desk, pairing.mentor, "act_taken_back", {**args, "student": pairing.student})
    elif what == "objection":
        tell(desk, pairing.mentor, "objection_taken_back", {"student": pairing.student})
