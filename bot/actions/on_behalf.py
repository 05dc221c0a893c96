"""代记: what the secretary records for people who do not use Telegram; marked so wherever it is read."""

from __future__ import annotations

from datetime import date

from bot import college
from bot import path as ways
from bot.actions import consent, mentor_list, obstacle, talk
from bot.actions.own_talks import Owed, owed_in, owed_of, running_term, state_at, talk_at
from bot.actions.say import tell
from bot.desk import Desk
from bot.refusal import Denied, Refusal
from bot.rules import talks as rules
from bot.rules.introduction import Introducer
from bot.rules.talks import Act, Side
from storage.records import Deed, Pairing, Person, PersonId, Talk, TalkKind, TalkState


def require_own_secretary(desk: Desk, person: Person, student: Person) -> None:
    """Refuse whoever is not secretary of the student's branch, and what is about somebody who has gone."""
    if student.branch != person.branch or not college.is_secretary(desk.store, person):
        raise Denied("not_allowed")
    if student.left is not None:
        raise Refusal("leave_gone", students=[student.id])


def uses_telegram(desk: Desk, person: PersonId) -> bool:
    """Whether the person can act in the bot: an account that has not blocked it."""
    account = college.account_of(desk.store, person)
    return account is not None and account.reachable


def needs_secretary(desk: Desk, pairing: Pairing) -> bool:
    """Whether one side of the pairing cannot say so itself."""
    sides = (pairing.student, pairing.mentor)
    return not all(uses_telegram(desk, one) for one in sides)


def talks_to_record(desk: Desk, student: Person) -> list[Owed]:
    """Return the student's talks that the secretary may record: not confirmed, one side without Telegram."""
    running_term(desk)
    in_charge = college.in_charge(desk.store, student, desk.today())
    return [
        one
        for one in owed_in(desk, in_charge)
        if needs_secretary(desk, one.pairing) and state_at(desk, one) is not TalkState.CONFIRMED
    ]


def consents_to_record(desk: Desk, student: Person) -> list[Pairing]:
    """Return the pairings assigned here to which a mentor without Telegram has not agreed yet (A20)."""
    if not desk.settings.consent:
        return []
    return [
        one
        for one in college.open_pairings_of(desk.store, student)
        if one.consent is None
        and not uses_telegram(desk, one.mentor)
        and (one.asked is not None or consent.was_assigned(desk, one))
    ]


def attitudes_to_record(desk: Desk, student: Person) -> list[Introducer]:
    """Return the introducers without Telegram whose opinion is written and whose attitude is not known."""
    path = ways.open_path(desk, student.id)
    return [
        one
        for one in (path.introducers if path else ())
        if one.written and one.consent is None and not uses_telegram(desk, one.mentor)
    ]


def record_claim(desk: Desk, secretary: Person, found: Talk, why: str) -> None:
    """The secretary has checked a claim for a mentor without account (B8)."""
    pairing = desk.store.pairings[found.pairing]
    if found.state is TalkState.CONFIRMED:
        day = found.day and found.day.isoformat()
        raise Refusal("already_confirmed", day=day, people=[pairing.student])
    if found.state is not TalkState.CLAIMED or found.day is None:
        raise Refusal("stale_button")
    noted = record_talk(desk, secretary, owed_of(desk, found), found.day, why)
    tell(desk, secretary.id, "proxy_noted", {"talk": found.id, "act": noted.batch})


def record_talk(desk: Desk, secretary: Person, owed: Owed, day: date, why: str) -> Deed:
    """The talk took place on that day: confirmed at once, and both sides are told as far as can be."""
    talk.check_talk_day(desk, owed, day)
    before = talk_at(desk, owed)
    state = before.state if before else TalkState.NONE
    reached = rules.after(Side.SECRETARY, Act.RECORD_FOR, state)
    if reached is None:
        said = (before and before.day) or day
        raise Refusal("already_confirmed", day=said.isoformat(), people=[owed.pairing.student])
    after, written = talk.write(
        desk, owed, reached, day, secretary.id, "proxy", proxy=True, why=why
    )
    if owed.kind is TalkKind.HALF_YEAR:
        student = desk.store.people[owed.pairing.student]
        obstacle.close(desk, student, by=secretary.id, batch=written)
    _tell_both(desk, secretary, owed.pairing, after, was_claimed=state is TalkState.CLAIMED)
    mentor_list.follow(desk, owed.pairing, after)
    return written


def _tell_both(
    desk: Desk, secretary: Person, pairing: Pairing, after: Talk, *, was_claimed: bool
) -> None:
    """A student who has claimed reads the answer to it (S11); whoever said nothing, what was recorded."""
    talk.tell_student(desk, pairing, after, "S11" if was_claimed else "proxy_student")
    recorded = {"talk": after.id, "proxy": secretary.id}
    tell(desk, pairing.mentor, "proxy_mentor", recorded, about=(pairing.student,))
