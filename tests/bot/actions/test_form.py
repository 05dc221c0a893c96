"""The steps of a form as they are recorded: day, moment, actor; what is refused; what a slip leaves behind."""

from __future__ import annotations

from datetime import date

import pytest

from bot.actions import form, form_lists
from bot.actions.form import Pressed
from bot.refusal import Refusal
from bot.rules.forms import FormAct, Tick
from storage.records import Form, FormKind, FormState
from tests.support.chat import Chat, chatting
from tests.support.clock import at

TODAY = date(2026, 9, 28)
MORNING = at(2026, 9, 28, 10)


def press(chat: Chat, step: FormAct | Tick, name: str = "李明", **how: bool) -> Pressed:
    with chat.desk.store.transaction():
        return form.press(chat.desk, chat.cast["陈静"], chat.cast[name], step, TODAY, **how)


def stored(chat: Chat, name: str = "李明") -> Form:
    term = chat.desk.term()
    assert term is not None
    return form.current(chat.desk, chat.cast[name], term)


async def test_step_is_kept_with_its_day_its_moment_and_who_recorded_it() -> None:
    async with chatting(MORNING) as chat:
        with chat.desk.store.transaction():
            form.advance(
                chat.desk, chat.cast["陈静"], chat.cast["李明"], FormAct.RECEIVE, date(2026, 9, 25)
            )
        deed = list(chat.desk.store.deeds)[-1]
        assert stored(chat).received == date(2026, 9, 25)
        assert (deed.at, deed.by, deed.about, deed.what) == (
            MORNING,
            chat.cast["陈静"].id,
            chat.cast["李明"].id,
            "received",
        )


async def test_no_step_is_recorded_for_a_day_to_come() -> None:
    async with chatting(MORNING) as chat:
        with pytest.raises(Refusal, match="receipt_future"), chat.desk.store.transaction():
            form.advance(
                chat.desk, chat.cast["陈静"], chat.cast["李明"], FormAct.RECEIVE, date(2026, 9, 29)
            )
        assert stored(chat).state is FormState.NOT_HANDED_OUT


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("李明", FormKind.ACTIVIST),
        ("赵一", FormKind.ACTIVIST),
        ("孙三", FormKind.PROBATIONARY),
    ],
)
async def test_kind_of_the_form_follows_the_stage(name: str, kind: FormKind) -> None:
    async with chatting(MORNING) as chat:
        press(chat, FormAct.HAND_OUT, name)
        assert stored(chat, name).kind is kind


@pytest.mark.parametrize("step", [FormAct.ARCHIVE, Tick.RECORD, Tick.OPINION])
async def test_nothing_is_ticked_or_archived_before_the_form_is_in(step: FormAct | Tick) -> None:
    async with chatting(MORNING) as chat:
        with pytest.raises(Refusal, match="form_elsewhere"):
            press(chat, step)


async def test_press_without_a_tick_shown_is_never_a_taking_back() -> None:
    async with chatting(MORNING) as chat:
        assert press(chat, FormAct.HAND_OUT) is Pressed.DONE
        assert press(chat, FormAct.HAND_OUT) is Pressed.ALREADY
        assert stored(chat).state is FormState.HANDED_OUT


async def test_taking_back_is_written_down_and_the_step_it_ends_is_marked() -> None:
    async with chatting(MORNING) as chat:
        press(chat, FormAct.HAND_OUT)
        assert press(chat, FormAct.HAND_OUT, ticked=True) is Pressed.BACK
        first, second = chat.desk.store.deeds
        assert (first.what, first.undone) == ("handed_out", MORNING)
        assert (second.what, second.undone) == ("taken_back", None)


async def test_ticks_stay_when_an_archived_form_is_taken_out_again() -> None:
    async with chatting(MORNING) as chat:
        for step in (FormAct.RECEIVE, Tick.RECORD, Tick.OPINION, FormAct.ARCHIVE):
            press(chat, step)
        assert press(chat, FormAct.ARCHIVE, ticked=True) is Pressed.BACK
        found = stored(chat)
        assert (found.state, found.signed, found.opinion) == (FormState.RECEIVED, True, True)


async def test_all_at_once_is_one_act() -> None:
    async with chatting(MORNING) as chat:
        keeper = chat.cast["陈静"]
        with chat.desk.store.transaction():
            done = form_lists.advance_all(chat.desk, keeper, FormAct.HAND_OUT, TODAY)
        assert (done.count, done.left) == (5, 0)
        assert {one.batch for one in chat.desk.store.deeds} == {done.act}


async def test_all_at_once_with_nothing_to_do_is_no_act() -> None:
    async with chatting(MORNING) as chat:
        with chat.desk.store.transaction():
            done = form_lists.advance_all(chat.desk, chat.cast["陈静"], FormAct.ARCHIVE, TODAY)
        assert (done.act, done.count, done.left) == (0, 0, 0)
