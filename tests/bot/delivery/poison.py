"""Updates as no server should send them, among good ones: whoever writes behind them is answered.

``python -c "from tests.bot.delivery.poison import run; print(run(seed=1, times=4000))"``
"""

from __future__ import annotations

import asyncio
import copy
import logging
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

from typing_extensions import override

from bot.delivery import inbox
from storage.records import InboxState, RowState
from storage.store import Store
from tests.bot.matrix.scene import TRACES, WatchedJournal
from tests.support.cast import WITHOUT_ACCOUNT
from tests.support.online import Online, online

Body = dict[str, Any]
Place = tuple[Any, Any]  # a container, and the key or index in it
BATCH = 100  # Telegram's largest
GOOD_EVERY = 10
# What being answered leaves behind; to be asked back is to be answered.
ANSWERED = TRACES | {"questions"}
FINAL = (InboxState.DONE, InboxState.DEAD, InboxState.QUARANTINED)


class Failures(logging.Handler):
    """Counts the exceptions that the inbox had to log, those after a commit too."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.count += record.exc_info is not None

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        logger = logging.getLogger(inbox.__name__)
        logger.addHandler(self)
        try:
            yield
        finally:
            logger.removeHandler(self)


def run(seed: int, times: int) -> dict[str, int]:
    """Send ``times`` mutated updates, every kind as often as the next; return the figures.

    AssertionError: somebody was not answered, something is stuck, a handler failed of one or did
    something for it, or getUpdates ran hot.
    """
    figures = Counter(asyncio.run(flood(seed, times)))
    for promised in ("exceptions", "dead", "effects", "stuck"):
        assert figures[promised] == 0, (seed, promised, figures)
    assert figures["answered"] == figures["good"], (seed, figures)
    assert figures["polls"] <= figures["batches"] + 1, (seed, figures)
    return dict(figures)


async def flood(seed: int, times: int) -> dict[str, int]:
    """Let the bot have batches in which a good update follows nine mutated ones."""
    drawn = random.Random(seed)  # noqa: S311 - repeatable, not secret
    journal, failures = WatchedJournal(), Failures()
    async with failures.watched(), online(store=Store(journal)) as line:
        journal.changes.clear()
        people = [name for name in line.cast.people if name not in WITHOUT_ACCOUNT]
        kinds = [KINDS[number % len(KINDS)] for number in range(times)]
        drawn.shuffle(kinds)
        good = 0
        for number, kind in enumerate(kinds):
            update = mutated(line, drawn, drawn.choice(people), number, kind)
            line.world.updates.inject(update)
            if number % GOOD_EVERY == 0:
                telegram = line.cast.telegram[drawn.choice(people)]
                line.world.send(telegram, telegram, "/undo")
                good += 1
        waiting = line.world.updates.pending
        answered = 0
        while line.world.updates.pending:
            await line.poll()
            await line.sweep()  # once: nobody waits for another one's second attempt
            answered = sum(row.kind == "undo_nothing" for row in line.app.desk.store.outbox)
        await settle(line)
        states = Counter(row.state for row in line.app.desk.store.inbox)
        return {
            "mutated": times,
            "good": good,
            "answered": min(answered, good),
            "quarantined": states[InboxState.QUARANTINED],
            "dead": states[InboxState.DEAD],
            "exceptions": failures.count,
            "effects": sum(bool(changes.keys() - ANSWERED) for changes in journal.changes),
            "stuck": sum(states.values()) - sum(states[one] for one in FINAL),
            "batches": -(-waiting // BATCH),
            "polls": line.polls,
        }


async def settle(line: Online) -> None:
    """Let second and third attempts pass; bounded by the cap on attempts."""
    for _ in range(4):
        line.clock.advance(seconds=60)
        await line.sweep()
    assert not line.app.desk.store.outbox.where("state", RowState.SENDING)


def mutated(
    line: Online, drawn: random.Random, name: str, number: int, kind: Callable[..., None]
) -> Body:
    """A press, a word or a change of membership that somebody could have sent, spoilt in one way."""
    telegram = line.cast.telegram[name]
    body = copy.deepcopy(drawn.choice(TEMPLATES)(telegram, 100_000 + number))
    kind(drawn, body)
    return body


def person(telegram: int) -> Body:
    return {"id": telegram, "is_bot": False, "first_name": "某"}


def words(telegram: int, number: int) -> Body:
    return {
        "message": {
            "message_id": number,
            "date": 1_789_437_600,
            "chat": {"id": telegram, "type": "private"},
            "from": person(telegram),
            "text": "随便说说",
            "entities": [{"type": "bold", "offset": 0, "length": 2}],
        }
    }


def press(telegram: int, number: int) -> Body:
    shown = words(telegram, number)["message"]
    return {
        "callback_query": {
            "id": str(number),
            "from": person(telegram),
            "chat_instance": "1",
            "message": {**shown, "from": {**person(4242), "is_bot": True}},
            "data": "nothing",
        }
    }


def membership(telegram: int, _: int) -> Body:
    member = {"user": {**person(4242), "is_bot": True}, "status": "member"}
    return {
        "my_chat_member": {
            "chat": {"id": -telegram, "type": "group", "title": "群"},
            "from": person(telegram),
            "date": 1_789_437_600,
            "old_chat_member": member,
            "new_chat_member": member,
        }
    }


def command(telegram: int, number: int) -> Body:
    said = words(telegram, number)["message"]
    entity = {"type": "bot_command", "offset": 0, "length": 5}
    return {"message": {**said, "text": "/help 一", "entities": [entity]}}


def reply(telegram: int, number: int) -> Body:
    """In a group, to something that the bot may have said there."""
    said = words(telegram, number)["message"]
    group = {"id": -100, "type": "supergroup", "title": "群", "is_forum": True}
    place = {"chat": group, "message_thread_id": 7, "is_topic_message": True}
    answered = {"message_id": number - 1, "date": 1_789_437_600, **place}
    return {"message": {**said, **place, "reply_to_message": answered}}


def file(telegram: int, number: int) -> Body:
    said = {
        key: value for key, value in words(telegram, number)["message"].items() if key != "text"
    }
    sent = {"file_id": "A", "file_unique_id": "B", "file_name": "名单.xlsx", "file_size": 100}
    return {"message": {**said, "document": sent}}


def upgrade(telegram: int, number: int) -> Body:
    """A group that is no branch's has become a supergroup."""
    chat = {"id": -telegram, "type": "group", "title": "群"}
    said = {
        key: value for key, value in words(telegram, number)["message"].items() if key != "text"
    }
    return {"message": {**said, "chat": chat, "migrate_to_chat_id": -telegram - 10_000}}


TEMPLATES = (words, words, command, reply, file, press, press, membership, upgrade)


def places(part: Any) -> Iterator[Place]:
    """Every place inside an update, but for the update's own number."""
    pairs = part.items() if isinstance(part, dict) else enumerate(part)
    for key, value in list(pairs):
        yield part, key
        if isinstance(value, dict | list):
            yield from places(value)


def replacing(value: object) -> Callable[[random.Random, Body], None]:
    """A mutation that puts that value somewhere."""

    def replace(drawn: random.Random, body: Body) -> None:
        where, key = drawn.choice(list(places(body)))
        where[key] = value

    return replace


def dropping(drawn: random.Random, body: Body) -> None:
    where, key = drawn.choice(list(places(body)))
    del where[key]


def doubling(drawn: random.Random, body: Body) -> None:
    """A value becomes a list of itself."""
    where, key = drawn.choice(list(places(body)))
    where[key] = [where[key]] * 2


def mixing(drawn: random.Random, body: Body) -> None:
    """One update of two kinds."""
    body.update(drawn.choice(TEMPLATES)(drawn.randrange(1, 5000), drawn.randrange(10**6)))


def absurd_entities(_: random.Random, body: Body) -> None:
    part = next(iter(body.values()))
    part["entities"] = [{"type": "bot_command", "offset": 10**9, "length": -5}, {"type": 7}]


def deep(drawn: random.Random, body: Body) -> None:
    nest: Any = "x"
    for _ in range(200):
        nest = {"reply_to_message": nest}
    replacing(nest)(drawn, body)


KINDS: tuple[Callable[[random.Random, Body], None], ...] = (
    dropping,
    doubling,
    mixing,
    absurd_entities,
    deep,
    replacing(None),
    replacing(2**70),
    replacing(-1),
    replacing(True),
    replacing(float("nan")),
    replacing(float("inf")),
    replacing(""),
    replacing({}),
    replacing([5]),
    replacing("\ud83d 一半"),
    replacing("\u202e\x00<b>&" * 2000),
)
