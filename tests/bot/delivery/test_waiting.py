"""What waits to leave is told in its order, however it came to wait."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.actions.say import POP
from bot.delivery.waiting import Waiting
from storage.records import Row, RowState
from storage.store import Store
from tests.bench.college import NOON

KINDS = st.sampled_from(["S1", "status", POP])
STEPS = st.lists(
    st.tuples(KINDS, st.booleans(), st.integers(0, 30), st.sampled_from(RowState)), max_size=40
)


def in_turn(store: Store) -> list[int]:
    """The pending rows, sorted anew: answers to presses, other answers, reminders."""
    waiting = [one for one in store.outbox if one.state is RowState.PENDING]
    waiting.sort(key=lambda one: (one.reminder, one.kind != POP, one.id))
    return [one.id for one in waiting]


@given(STEPS, st.integers(0, 40))
def test_the_order_is_that_of_sorting_anew(
    steps: list[tuple[str, bool, int, RowState]], reopened: int
) -> None:
    store = Store.in_memory()
    waiting = Waiting(store)
    for number, (kind, reminder, whose, state) in enumerate(steps):
        with store.transaction():
            row = Row(
                kind=kind,
                chat=1,
                to=None,
                due=NOON,
                created=NOON,
                reminder=reminder and kind != POP,
            )
            store.outbox.add(row)
            changed = store.outbox.get(whose)
            if changed is not None:
                store.outbox.put(replace(changed, state=state))
        if number == reopened:
            store.reopen()
        assert [one.id for one in waiting] == in_turn(store)


def test_who_is_claimed_while_they_are_gone_through_is_left_out() -> None:
    store = Store.in_memory()
    waiting = Waiting(store)
    with store.transaction():
        for chat in range(5):
            store.outbox.add(Row(kind="S1", chat=chat, to=None, due=NOON, created=NOON))
    seen = []
    for row in waiting:
        seen.append(row.id)
        with store.transaction():
            for id in (row.id, row.id + 1):
                found = store.outbox.get(id)
                if found is not None:
                    store.outbox.put(replace(found, state=RowState.SENDING))
    assert seen == [1, 3, 5]
