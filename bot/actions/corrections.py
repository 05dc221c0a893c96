"""What the secretary puts right later, with a reason: another day, or not recorded after all (PRODUCT § 2)."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot import college
from bot import path as ways
from bot.actions import deed, form_lists, mentor_list, talk
from bot.actions.form import WHAT
from bot.actions.own_talks import owed_of
from bot.actions.say import tell
from bot.desk import Desk
from bot.refusal import Refusal
from bot.rules import forms as form_rules
from bot.rules import talks as rules
from bot.rules.talks import Act, DayVerdict, Side
from storage.records import Deed, Form, FormState, Person, PersonId, Talk, TalkKind, TalkState

FORM_ACTS = frozenset({"form_corrected", "form_voided"})


def talks_on_record(desk: Desk, student: Person) -> list[Talk]:
    """Return the student's talks of this round and of the open way of which something is recorded.

    Former mentors' are among them. Disputed ones too: they can be voided.
    """
    term = desk.term()
    found = [] if term is None else college.talks_of(desk.store, student, term)
    path = ways.open_path(desk, student.id)
    if path is not None:
        found += [one.talk for one in path.introducers if one.talk is not None]
    return [one for one in found if one.state is not TalkState.NONE]


def form_on_record(desk: Desk, student: Person) -> Form | None:
    """Return the student's form of this round; None: nothing is recorded of it."""
    term = desk.term()
    found = None if term is None else college.form_of(desk.store, student.id, term)
    return found if found and found.state is not FormState.NOT_HANDED_OUT else None


def check_new_day(desk: Desk, found: Talk, day: date) -> None:
    """Refuse a day on which the talk cannot have been, or which is recorded already."""
    talk.check_talk_day(desk, owed_of(desk, found), day)
    if day == found.day:
        raise Refusal("correct_same", day=day.isoformat())


def correct_talk(desk: Desk, secretary: Person, found: Talk, day: date, why: str) -> Deed:
    """It was another day. The state stays; who has claimed still waits for the mentor."""
    check_new_day(desk, found, day)
    return _change_talk(desk, secretary, found, Act.CORRECT, day, why)


def void_talk(desk: Desk, secretary: Person, found: Talk, why: str) -> Deed:
    """It is 未谈 again: the reminders go on."""
    return _change_talk(desk, secretary, found, Act.VOID, None, why)


def _change_talk(
    desk: Desk, secretary: Person, found: Talk, act: Act, day: date | None, why: str
) -> Deed:
    reached = rules.after(Side.SECRETARY, act, found.state)
    if reached is None:
        raise Refusal("correct_gone")
    owed = owed_of(desk, found)
    what, proxy = ("voided", False) if day is None else ("corrected", found.proxy)
    after, noted = talk.write(desk, owed, reached, day, secretary.id, what, proxy=proxy, why=why)
    mentor_list.follow(desk, owed.pairing, after)
    said = {
        "by": secretary.id,
        "student": owed.pairing.student,
        "mentor": owed.pairing.mentor,
        "earlier": found.day and found.day.isoformat(),
        "day": day and day.isoformat(),
        "introduction": found.kind is TalkKind.INTRODUCTION,
    }
    tell(desk, owed.pairing.student, f"{what}_student", said)
    tell(desk, owed.pairing.mentor, f"{what}_mentor", said)
    return noted


def check_new_form_day(desk: Desk, found: Form, day: date) -> None:
    if form_rules.receipt_day_verdict(day, desk.today()) is DayVerdict.FUTURE:
        raise Refusal("receipt_future")
    if day == form_rules.last_day(found):
        raise Refusal("correct_same", day=day.isoformat())


def correct_form(desk: Desk, secretary: Person, found: Form, day: date, why: str) -> Deed:
    """The form's last step was done on another day."""
    check_new_form_day(desk, found, day)
    return _change_form(desk, secretary, found, form_rules.redated(found, day), why)


def void_form(desk: Desk, secretary: Person, found: Form, why: str) -> Deed:
    """The form's last step is taken back: it is where it was before."""
    return _change_form(desk, secretary, found, form_rules.taken_back(found), why)


def _change_form(
    desk: Desk, secretary: Person, found: Form, changed: Form | None, why: str
) -> Deed:
    if changed is None:
        raise Refusal("correct_gone")
    what = "form_corrected" if changed.state is found.state else "form_voided"
    keeper = _keeper(desk, found)
    after = desk.store.forms.put(changed)
    noted = deed.record(
        desk, what, secretary.id, about=found.student, before=found, after=after, why=why
    )
    tell_of_form(desk, secretary.id, after, keeper)
    form_lists.refresh(desk, secretary)
    return noted


def _keeper(desk: Desk, found: Form) -> PersonId | None:
    """Return who recorded the form's last step."""
    steps = set(WHAT.values()) | FORM_ACTS
    written = desk.store.deeds.where("row", ("forms", found.id))
    done = (one for one in reversed(written) if one.what in steps and one.undone is None)
    last = next(done, None)
    return None if last is None else last.by


def tell_of_form(desk: Desk, by: PersonId, after: Form, keeper: PersonId | None) -> None:
    """Tell the student, and whoever had recorded it, where the form stands now."""
    day = form_rules.last_day(after)
    said: dict[str, Any] = {
        "by": by,
        "student": after.student,
        "form_state": after.state,
        "day": day and day.isoformat(),
    }
    tell(desk, after.student, "form_changed_student", said)
    if keeper is not None and keeper != by:
        tell(desk, keeper, "form_changed_keeper", said)


def form_undone(desk: Desk, by: PersonId, taken_back: Deed, after: Form) -> None:
    """The correction of a form has been taken back: whoever was told of it is told how it stands now."""
    if taken_back.what in FORM_ACTS:
        tell_of_form(desk, by, after, _keeper(desk, after))
