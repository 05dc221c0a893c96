"""What can happen to a registration form: handed out, received, ticked, archived, taken back (R35–R40)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum

from bot import college
from bot.actions import deed, signature
from bot.actions.own_talks import running_term
from bot.actions.say import tell
from bot.desk import Desk
from bot.refusal import Refusal
from bot.rules import forms as rules
from bot.rules import talks as talk_rules
from bot.rules.forms import FormAct, Step, Tick
from bot.rules.talks import DayVerdict
from storage.records import Deed, Form, FormState, Person, RowState, TalkState, Term

RECEIPT_AFTER = timedelta(minutes=2)  # S6 waits, so that a slip of the finger tells nobody


class Pressed(StrEnum):
    """What a press on a name did."""

    DONE = "done"
    UNVERIFIED = "unverified"  # received without a confirmed talk (C5)
    INCOMPLETE = "incomplete"  # archiving asks once more (C6)
    ALREADY = "already"  # recorded meanwhile, in another list
    BACK = "back"


WHAT: dict[Step, str] = {
    FormAct.HAND_OUT: "handed_out",
    FormAct.RECEIVE: "received",
    FormAct.ARCHIVE: "archived",
    Tick.RECORD: "tick_record",
    Tick.OPINION: "tick_opinion",
    Tick.UNSIGNED: "tick_unsigned",
}


def current(desk: Desk, student: Person, term: Term) -> Form:
    """Return the student's form of this round, not yet stored where nothing was recorded."""
    form = college.form_of(desk.store, student.id, term)
    return form or Form(
        student=student.id,
        term=term.id,
        kind=rules.kind_for(student.stage),
        state=FormState.NOT_HANDED_OUT,
    )


def press(
    desk: Desk,
    keeper: Person,
    student: Person,
    step: Step,
    day: date,
    *,
    ticked: bool = False,
    asked: bool = False,
) -> Pressed:
    """A press on a name: records the step, or takes it back within 10 minutes (PRODUCT § 2).

    ``ticked``: the name carried its ✓, so the person means to take it back; without it nobody
    undoes by accident what another keeper has just recorded. ``asked``: the warning about a
    missing tick has been shown, the person presses again.
    """
    form = current(desk, student, running_term(desk))
    if rules.has_taken(form, step):
        if not ticked:
            return Pressed.ALREADY
        _take_back(desk, keeper, student, form, step)
        return Pressed.BACK
    lacks_a_tick = rules.waits_for(form, step) and rules.ticks_missing(form)
    if step is FormAct.ARCHIVE and lacks_a_tick and not asked:
        return Pressed.INCOMPLETE
    advance(desk, keeper, student, step, day)
    state = college.student_state(desk, student, running_term(desk), desk.today())
    unverified = step is FormAct.RECEIVE and state is not TalkState.CONFIRMED
    return Pressed.UNVERIFIED if unverified else Pressed.DONE


def advance(
    desk: Desk,
    keeper: Person,
    student: Person,
    step: Step,
    day: date,
    batch: Deed | None = None,
) -> Deed:
    """Record one step of one form as done on ``day``; only its branch's keepers may (R39)."""
    if rules.receipt_day_verdict(day, desk.today()) is DayVerdict.FUTURE:
        raise Refusal("receipt_future")
    before = current(desk, student, running_term(desk))
    changed = _advanced(before, step, day)
    if changed is None:
        raise Refusal("form_elsewhere", student=student.id, form_state=before.state)
    after = _store(desk, changed)
    written = deed.record(
        desk,
        WHAT[step],
        keeper.id,
        about=student.id,
        before=before if before.id else None,
        after=after,
        batch=batch,
    )
    if step is Tick.UNSIGNED:
        signature.ask_for(desk, student)
    if step is FormAct.RECEIVE:
        receipt = {"form": after.id, "deed": written.id}
        tell(desk, student.id, "S6", receipt, due=desk.now() + RECEIPT_AFTER)
    return written


def _advanced(form: Form, step: Step, day: date) -> Form | None:
    if isinstance(step, FormAct):
        return rules.advanced(form, step, day)
    return rules.ticked(form, step, on=True) if rules.waits_for(form, step) else None


def _store(desk: Desk, form: Form) -> Form:
    return desk.store.forms.put(form) if form.id else desk.store.forms.add(form)


def _take_back(desk: Desk, keeper: Person, student: Person, form: Form, step: Step) -> None:
    last = _last(desk, form, step)
    back = _without(form, step)
    if last is None or back is None:
        raise Refusal("form_elsewhere", student=student.id, form_state=form.state)
    if not talk_rules.may_undo(last.at, desk.now()):
        raise Refusal("form_untick_late", student=student.id)
    after = _store(desk, back)
    deed.record(desk, "taken_back", keeper.id, about=student.id, before=form, after=after)
    desk.store.deeds.put(replace(last, undone=desk.now()))
    undone(desk, last)


def _last(desk: Desk, form: Form, step: Step) -> Deed | None:
    """Return the deed that recorded the step and still holds."""
    done = desk.store.deeds.where("row", ("forms", form.id))
    holding = (one for one in reversed(done) if one.what == WHAT[step] and one.undone is None)
    return next(holding, None)


def _without(form: Form, step: Step) -> Form | None:
    """Return the form without that step; None: it has gone on since."""
    if isinstance(step, FormAct):
        return rules.taken_back(form) if form.state is rules.TRANSITIONS[step][1] else None
    return rules.ticked(form, step, on=False) if form.state is FormState.RECEIVED else None


def undone(desk: Desk, taken_back: Deed) -> None:
    """A receipt has been taken back: a student who has read of it (S6) reads that it no longer holds."""
    account = taken_back.about and college.account_of(desk.store, taken_back.about)
    if taken_back.what != WHAT[FormAct.RECEIVE] or not account:
        return
    told = (
        row
        for row in desk.store.outbox.where("chat_state", (account.telegram, RowState.SENT))
        if row.kind == "S6" and row.args["deed"] == taken_back.id
    )
    if any(told):
        tell(desk, account.person, "receipt_taken_back")
