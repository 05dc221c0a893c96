"""The states of a registration form."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.forms import (
    FormAct,
    Tick,
    advanced,
    after,
    has_taken,
    is_in,
    is_late,
    kind_for,
    lacks_signature,
    last_day,
    receipt_day_verdict,
    redated,
    step_of,
    taken_back,
    ticked,
    ticks_missing,
    waits_for,
)
from bot.rules.talks import DayVerdict
from bot.rules.term import windows
from storage.records import Form, FormKind, FormState, Stage, TermId
from tests.bot.rules.rounds import LI_MING, SPRING, YEAR_2026

FORM = Form(
    student=LI_MING, term=TermId(7), kind=FormKind.ACTIVIST, state=FormState.NOT_HANDED_OUT
)
DAY = date(2026, 3, 27)


def advance(form: Form, *acts: FormAct) -> Form:
    for act in acts:
        further = advanced(form, act, DAY)
        assert further is not None, f"{act} is not possible from {form.state}"
        form = further
    return form


def test_the_form_follows_the_stage() -> None:
    assert kind_for(Stage.ACTIVIST) is FormKind.ACTIVIST
    assert kind_for(Stage.CANDIDATE) is FormKind.ACTIVIST
    assert kind_for(Stage.PROBATIONARY) is FormKind.PROBATIONARY


def test_a_full_member_has_no_form() -> None:
    with pytest.raises(ValueError, match="full"):
        kind_for(Stage.FULL)


@pytest.mark.parametrize(
    ("act", "state", "reached"),
    [
        (FormAct.HAND_OUT, FormState.NOT_HANDED_OUT, FormState.HANDED_OUT),
        (FormAct.HAND_OUT, FormState.RECEIVED, None),
        (FormAct.RECEIVE, FormState.HANDED_OUT, FormState.RECEIVED),
        (FormAct.RECEIVE, FormState.NOT_HANDED_OUT, FormState.RECEIVED),
        (FormAct.RECEIVE, FormState.ARCHIVED, None),
        (FormAct.ARCHIVE, FormState.RECEIVED, FormState.ARCHIVED),
        (FormAct.ARCHIVE, FormState.HANDED_OUT, None),
    ],
)
def test_receipt_may_skip_the_handing_out_and_nothing_else_may_be_skipped(
    act: FormAct, state: FormState, reached: FormState | None
) -> None:
    assert after(act, state) is reached


def test_each_step_keeps_its_own_day() -> None:
    out = advance(FORM, FormAct.HAND_OUT)
    assert (out.handed_out, out.received, out.archived) == (DAY, None, None)
    kept = advance(out, FormAct.RECEIVE, FormAct.ARCHIVE)
    assert (kept.handed_out, kept.received, kept.archived) == (DAY, DAY, DAY)
    assert advanced(kept, FormAct.RECEIVE, DAY) is None


@given(
    st.sampled_from(
        [
            (FormAct.HAND_OUT,),
            (FormAct.RECEIVE,),
            (FormAct.HAND_OUT, FormAct.RECEIVE),
            (FormAct.RECEIVE, FormAct.ARCHIVE),
            (FormAct.HAND_OUT, FormAct.RECEIVE, FormAct.ARCHIVE),
        ]
    )
)
def test_taking_back_the_last_step_restores_the_form_before_it(acts: tuple[FormAct, ...]) -> None:
    assert taken_back(advance(FORM, *acts)) == advance(FORM, *acts[:-1])


def test_nothing_is_taken_back_from_a_form_not_handed_out() -> None:
    assert taken_back(FORM) is None


@pytest.mark.parametrize(
    "acts",
    [
        (FormAct.HAND_OUT,),
        (FormAct.RECEIVE,),
        (FormAct.RECEIVE, FormAct.ARCHIVE),
    ],
)
def test_another_day_goes_to_the_last_step_alone(acts: tuple[FormAct, ...]) -> None:
    corrected = redated(advance(FORM, *acts), DAY - timedelta(days=1))
    assert corrected is not None
    assert last_day(corrected) == DAY - timedelta(days=1)
    assert taken_back(corrected) == advance(FORM, *acts[:-1])


def test_form_not_handed_out_has_no_day_to_put_right() -> None:
    assert last_day(FORM) is None
    assert redated(FORM, DAY) is None


def test_a_paper_is_in_once_received() -> None:
    assert {state for state in FormState if is_in(state)} == {
        FormState.RECEIVED,
        FormState.ARCHIVED,
    }


@pytest.mark.parametrize(
    ("signed", "opinion", "missing"),
    [
        (False, False, (Tick.RECORD, Tick.OPINION)),
        (True, False, (Tick.OPINION,)),
        (False, True, (Tick.RECORD,)),
        (True, True, ()),
    ],
)
def test_both_ticks_belong_to_the_paper(
    signed: bool, opinion: bool, missing: tuple[Tick, ...]
) -> None:
    form = Form(
        student=LI_MING,
        term=TermId(7),
        kind=FormKind.ACTIVIST,
        state=FormState.RECEIVED,
        signed=signed,
        opinion=opinion,
    )
    assert ticks_missing(form) == missing


@pytest.mark.parametrize("state", FormState)
@pytest.mark.parametrize("signed", [True, False])
def test_a_missing_signature_is_noted_of_a_received_form_and_is_over_once_it_is_signed(
    state: FormState, signed: bool
) -> None:
    form = replace(FORM, state=state, signed=signed)
    assert waits_for(form, Tick.UNSIGNED) is (state is FormState.RECEIVED and not signed)
    assert not has_taken(form, Tick.UNSIGNED)
    noted = ticked(form, Tick.UNSIGNED, on=True)
    assert has_taken(noted, Tick.UNSIGNED)
    assert not waits_for(noted, Tick.UNSIGNED)
    assert lacks_signature(noted) is (state is FormState.RECEIVED and not signed)
    assert (noted.signed, noted.opinion) == (signed, False)
    assert ticked(noted, Tick.UNSIGNED, on=False) == form


@pytest.mark.parametrize("state", FormState)
def test_act_waits_until_the_form_has_come_so_far_and_is_taken_from_then_on(
    state: FormState,
) -> None:
    form = replace(FORM, state=state)
    order = [None, FormAct.HAND_OUT, FormAct.RECEIVE, FormAct.ARCHIVE]
    so_far = order[1 : list(FormState).index(state) + 1]
    assert [act for act in FormAct if has_taken(form, act)] == so_far
    assert [act for act in FormAct if waits_for(form, act)] == [
        act for act in FormAct if after(act, state)
    ]


@pytest.mark.parametrize("state", FormState)
@pytest.mark.parametrize("tick", [Tick.RECORD, Tick.OPINION])
def test_tick_is_set_once_on_a_received_form_and_taken_away_again(
    state: FormState, tick: Tick
) -> None:
    form = replace(FORM, state=state)
    assert waits_for(form, tick) is (state is FormState.RECEIVED)
    assert not has_taken(form, tick)
    done = ticked(form, tick, on=True)
    assert has_taken(done, tick)
    assert not waits_for(done, tick)
    assert len(ticks_missing(done)) == 1
    assert ticked(done, tick, on=False) == form


@pytest.mark.parametrize("step", [*FormAct, *Tick])
def test_button_finds_the_step_that_it_names(step: FormAct | Tick) -> None:
    assert step_of(step.value) is step


def test_button_of_no_step_is_refused() -> None:
    with pytest.raises(ValueError, match="shred"):
        step_of("shred")


def test_a_form_is_never_received_in_the_future() -> None:
    assert receipt_day_verdict(DAY, DAY) is DayVerdict.OK
    assert receipt_day_verdict(DAY - timedelta(days=3), DAY) is DayVerdict.OK
    assert receipt_day_verdict(DAY + timedelta(days=1), DAY) is DayVerdict.FUTURE


def test_receipt_on_the_day_of_the_deadline_is_on_time() -> None:
    round_ = windows(SPRING, YEAR_2026)
    assert not is_late(date(2026, 3, 29), round_)
    assert is_late(date(2026, 3, 30), round_)
