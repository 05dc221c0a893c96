"""Compares what people were told with what is on disk."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from bot.actions.say import EDIT, MENU, POP, STRIP
from bot.delivery.wire import SECOND_COPY
from storage.documents import document
from storage.records import Deed, InboxState, RowState
from storage.store import Store
from tests.soak.stories import ENROL, Effect, Plot
from tests.soak.town import Town

FORMS = frozenset({"handed_out", "received"})  # told by a list, but not after its day
NO_MESSAGE = frozenset({EDIT, STRIP, POP, MENU})


@dataclass(slots=True)
class Found:
    """What was not as promised, in words."""

    lost: list[str]
    half: list[str]
    twice: list[str]


def deeds_of(store: Store, effect: Effect) -> list[Deed]:
    return [
        one
        for one in store.deeds.where("about", effect.about)
        if (one.what, one.by) == (effect.what, effect.by)
    ]


def check(town: Town, store: Store, plot: Plot) -> Found:
    """Judge the store as it is now, in the middle of everything, against all that was said so far."""
    found = Found([], [], [])
    for effect in plot.effects:
        name = f"{effect.what} of update {effect.update}"
        deeds = deeds_of(store, effect)
        rows = store.inbox.where("update", effect.update)
        done = any(row.state is InboxState.DONE for row in rows)
        if effect.is_told() and not deeds:
            found.lost.append(f"{name}: told, but not on disk")
        # The second factor is kept off the disk: handled after a kill, it is asked for again.
        if done != bool(deeds) and effect.what != ENROL:
            found.half.append(f"{name}: handled {done}, {len(deeds)} deeds")
        if len(deeds) > 1 or len(rows) > 1:
            found.twice.append(f"{name}: {len(rows)} rows, {len(deeds)} deeds")
    found.half += _records_without_deeds(store)
    return found


def _records_without_deeds(store: Store) -> list[str]:
    """A record is what its last deed left, and every claim has its one acknowledgement."""
    wrong = []
    for table in (store.talks, store.forms):
        for record in table:
            name = "talks" if table is store.talks else "forms"
            deeds = store.deeds.where("row", (name, record.id))
            if not deeds or deeds[-1].after != document(record):
                wrong.append(f"{name} {record.id} is not what its last deed left")
    claims = Counter(one.batch for one in store.deeds if one.what == "claim")
    said = Counter(row.args["act"] for row in store.outbox if row.kind in {"S10", "S10b"})
    if claims.keys() != said.keys() or any(many > 1 for many in said.values()):
        wrong.append("claims and their acknowledgements differ")
    return wrong


def check_end(town: Town, store: Store, plot: Plot) -> Found:
    """Judge the store after everything has been handled and said."""
    found = check(town, store, plot)
    updates = Counter(row.update for row in store.inbox)
    for update in range(1, town.pushed + 1):
        if not updates[update]:
            found.lost.append(f"update {update} never arrived")
    for came in store.inbox:
        if came.state is not InboxState.DONE:
            found.lost.append(f"update {came.update} is {came.state}: {came.reason}")
    for effect in plot.effects:
        uncertain = store.outbox.where("chat_state", (effect.reader.account, RowState.UNCERTAIN))
        if not effect.is_told() and effect.what not in FORMS and not uncertain:
            found.lost.append(f"{effect.what} of update {effect.update} was never told")
        if not deeds_of(store, effect):
            found.lost.append(f"{effect.what} of update {effect.update} was never done")
    for row in store.outbox:
        if row.state is RowState.DEAD:
            found.lost.append(f"row {row.id} ({row.kind}) is dead: {row.reason}")
    return found


def unrecorded(town: Town, store: Store) -> list[str]:
    """The messages that people received and of which the store does not know: each may come again.

    PromiseBrokenError: more of them than attempts that ended without a record.
    """
    kept = {row.message for row in store.outbox if row.kind not in NO_MESSAGE}
    return [
        one.text
        for one in town.world.log
        if one.method == "sendMessage" and one.message not in kept
    ]


def copies_wrong(town: Town, store: Store) -> list[str]:
    """Rows sent more than twice, second copies without their mark, first ones with it."""
    texts = {one.message: one.text for one in town.world.log if one.method == "sendMessage"}
    wrong = []
    for row in store.outbox:
        if row.kind in NO_MESSAGE:
            continue
        if row.attempts > 2:
            wrong.append(f"row {row.id} was tried {row.attempts} times")
        if row.state is RowState.SENT and row.message is not None:
            marked = texts[row.message].startswith(SECOND_COPY)
            if marked != (row.attempts > 1):
                wrong.append(f"row {row.id}, attempt {row.attempts}: marked {marked}")
    return wrong
