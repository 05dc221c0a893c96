"""The states of a registration form: which form, what may follow, what its paper still lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Final

from bot.rules.talks import DayVerdict
from storage.records import Form, FormKind, FormState, Stage, Windows


class FormAct(StrEnum):
    """What the committee member or the secretary records (R35, R39, R40)."""

    HAND_OUT = "hand_out"
    RECEIVE = "receive"
    ARCHIVE = "archive"


class Tick(StrEnum):
    """What is noted of the paper besides the talk; archiving warns without the first two (R40)."""

    RECORD = "record"  # the mentor's record, written and signed (R21)
    OPINION = "opinion"  # the branch's opinion (R26, R27)
    UNSIGNED = "unsigned"  # looked at, and the mentor's record or signature is not there (T3)


# What: states from which it may be done → state after. Receipt may skip the handing out.
TRANSITIONS: Final[Mapping[FormAct, tuple[frozenset[FormState], FormState]]] = {
    FormAct.HAND_OUT: (frozenset({FormState.NOT_HANDED_OUT}), FormState.HANDED_OUT),
    FormAct.RECEIVE: (
        frozenset({FormState.NOT_HANDED_OUT, FormState.HANDED_OUT}),
        FormState.RECEIVED,
    ),
    FormAct.ARCHIVE: (frozenset({FormState.RECEIVED}), FormState.ARCHIVED),
}

Step = FormAct | Tick  # what a list of forms lets its keeper record, a tap per name

_ORDER: Final = tuple(FormState)

_KINDS: Final[Mapping[Stage, FormKind]] = {
    Stage.ACTIVIST: FormKind.ACTIVIST,
    Stage.CANDIDATE: FormKind.ACTIVIST,  # A2
    Stage.PROBATIONARY: FormKind.PROBATIONARY,
}


def kind_for(stage: Stage) -> FormKind:
    """The form of that stage (R37). Raises ValueError for a full member, who has none."""
    if stage not in _KINDS:
        raise ValueError(f"no registration form belongs to stage {stage}")
    return _KINDS[stage]


def after(act: FormAct, state: FormState) -> FormState | None:
    """The form's state once ``act`` is recorded, or None: not possible from ``state``."""
    before, reached = TRANSITIONS[act]
    return reached if state in before else None


def advanced(form: Form, act: FormAct, day: date) -> Form | None:
    """The form with ``act`` recorded as done on ``day``, or None: not possible from its state."""
    match after(act, form.state):
        case FormState.HANDED_OUT:
            return replace(form, state=FormState.HANDED_OUT, handed_out=day)
        case FormState.RECEIVED:
            return replace(form, state=FormState.RECEIVED, received=day)
        case FormState.ARCHIVED:
            return replace(form, state=FormState.ARCHIVED, archived=day)
        case _:
            return None


def taken_back(form: Form) -> Form | None:
    """The form without its last step, ticks kept; None if nothing was recorded yet.

    Whether it may be taken back without a reason is `bot.rules.talks.may_undo`'s question.
    """
    match form.state:
        case FormState.ARCHIVED:
            return replace(form, state=FormState.RECEIVED, archived=None)
        case FormState.RECEIVED:
            earlier = FormState.HANDED_OUT if form.handed_out else FormState.NOT_HANDED_OUT
            return replace(form, state=earlier, received=None)
        case FormState.HANDED_OUT:
            return replace(form, state=FormState.NOT_HANDED_OUT, handed_out=None)
        case _:  # NOT_HANDED_OUT
            return None


def redated(form: Form, day: date) -> Form | None:
    """The form with another day for its last step; None if nothing was recorded yet."""
    match form.state:
        case FormState.ARCHIVED:
            return replace(form, archived=day)
        case FormState.RECEIVED:
            return replace(form, received=day)
        case FormState.HANDED_OUT:
            return replace(form, handed_out=day)
        case _:  # NOT_HANDED_OUT
            return None


def last_day(form: Form) -> date | None:
    """The day of the form's last step; None if nothing was recorded yet."""
    return form.archived or form.received or form.handed_out


def is_in(state: FormState) -> bool:
    """Whether the paper is with the branch: received, archived or not."""
    return state in {FormState.RECEIVED, FormState.ARCHIVED}


def ticks_missing(form: Form) -> tuple[Tick, ...]:
    """The ticks that archiving would warn of, the mentor's first (R21; R26, R27)."""
    ticks = ((Tick.RECORD, form.signed), (Tick.OPINION, form.opinion))
    return tuple(tick for tick, done in ticks if not done)


def step_of(value: str) -> Step:
    """The step of that value, as a button carries it. ValueError: there is none."""
    return Tick(value) if value in tuple(Tick) else FormAct(value)


def waits_for(form: Form, step: Step) -> bool:
    """Whether the step can be recorded now. A tick belongs to a form that is in and not archived."""
    if isinstance(step, FormAct):
        return after(step, form.state) is not None
    if step is Tick.UNSIGNED:
        return form.state is FormState.RECEIVED and not (form.signed or form.unsigned)
    return form.state is FormState.RECEIVED and step in ticks_missing(form)


def has_taken(form: Form, step: Step) -> bool:
    """Whether the step, or one after it, is recorded."""
    if isinstance(step, FormAct):
        return _ORDER.index(form.state) >= _ORDER.index(TRANSITIONS[step][1])
    if step is Tick.UNSIGNED:
        return form.unsigned
    return step not in ticks_missing(form)


def ticked(form: Form, tick: Tick, *, on: bool) -> Form:
    """The form with that tick set or taken away."""
    match tick:
        case Tick.RECORD:
            return replace(form, signed=on)
        case Tick.OPINION:
            return replace(form, opinion=on)
        case _:  # UNSIGNED
            return replace(form, unsigned=on)


def lacks_signature(form: Form) -> bool:
    """Whether the mentor is to write and sign: found missing in a form that is in, not mended since (T3)."""
    return form.state is FormState.RECEIVED and form.unsigned and not form.signed


def receipt_day_verdict(day: date, today: date) -> DayVerdict:
    """Whether a form can have been received on ``day``: never in the future (R39)."""
    return DayVerdict.FUTURE if day > today else DayVerdict.OK


def is_late(day: date, windows: Windows) -> bool:
    """Whether a receipt on ``day`` is after the deadline; the day itself is not (policy § 1.5)."""
    return day > windows.deadline
