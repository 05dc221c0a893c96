"""One account that floods the bot with words and presses while others ask for their status, by a clock that is told.

``python -m tests.soak --only flood``
"""

from __future__ import annotations

import asyncio
import math
import time as wall
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle
from typing import Any

from bot.settings import Settings
from storage.records import InboxState
from tests.support.chat import Chat, chatting
from tests.support.line import Answer, Call, Line

NOON = 1_789_000_000
BATCH = 100  # Telegram's largest
OTHERS = 3  # who ask in the same batch
FLOODER = "李明"
SILENT = "郑老师"  # has no account
NOTICES = ("flooded", "pressed_too_often")
A_MINUTE = 20 + 120  # words and presses of one account
PATIENCE = 2.0  # seconds (reliability X20)


def message(
    account: int, number: int, *, at: int = NOON, chat: int | None = None
) -> dict[str, Any]:
    place = chat or account
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "date": at,
            "chat": {"id": place, "type": "private" if place > 0 else "group"},
            "from": {"id": account, "is_bot": False, "first_name": "某"},
            "text": "进度",
        },
    }


def press(account: int, number: int, *, chat: int | None = None) -> dict[str, Any]:
    shown = message(account, number, chat=chat)["message"]
    return {
        "update_id": number,
        "callback_query": {
            "id": str(number),
            "from": shown["from"],
            "chat_instance": "1",
            "message": shown,
            "data": "nothing",
        },
    }


@dataclass(slots=True)
class Figures:
    """``waits``: told seconds until somebody else was answered. ``taken``: of the flood, in ``minutes``."""

    asked: int = 0
    flooding: int = 0
    taken: int = 0
    minutes: int = 0
    most_waiting: int = 0
    waits: list[float] = field(default_factory=list)
    notices: Counter[str] = field(default_factory=Counter)

    def late(self, share: float) -> float:
        """Return how long at most that share of the answers took."""
        return sorted(self.waits)[math.ceil(share * len(self.waits)) - 1]


def run(seed: int, times: int) -> dict[str, int]:
    """Return the figures of a flood of ``times``; nothing in it is drawn. AssertionError: others felt it."""
    began = wall.process_time()
    figures = asyncio.run(flood(Line(), times))
    assert len(figures.waits) == figures.asked, (len(figures.waits), figures.asked)
    assert figures.late(0.99) < PATIENCE, figures.late(0.99)
    return {
        "updates of the flood": figures.flooding,
        "of these taken in": figures.taken,
        "told minutes": figures.minutes,
        "notices": figures.notices.total(),
        "answers to others": figures.asked,
        "p50, told ms": round(1000 * figures.late(0.5)),
        "p99, told ms": round(1000 * figures.late(0.99)),
        "longest, told ms": round(1000 * figures.late(1)),
        "CPU ms in all": round(1000 * (wall.process_time() - began)),
    }


async def flood(line: Line, times: int) -> Figures:
    """Let a hundred updates a second come, whether or not the flooder's own answers are still on the way."""
    async with chatting(settings=Settings(), recorder=line) as chat:
        figures, began = Figures(), chat.clock.monotonic()
        asked: dict[int, float] = {}
        flooder = chat.cast.telegram[FLOODER]
        others = cycle(
            telegram
            for name, telegram in chat.cast.telegram.items()
            if name not in {FLOODER, SILENT}
        )

        async def comes() -> None:
            flooding = _batch(chat, flooder, figures.flooding, BATCH - OTHERS)
            figures.flooding += len(flooding)
            asking = [next(others) for _ in range(OTHERS)]
            asked.update((one, chat.clock.monotonic()) for one in asking)
            now, last = int(chat.desk.now().timestamp()), 10**6 + figures.asked
            words = [message(one, last + place, at=now) for place, one in enumerate(asking)]
            figures.asked += OTHERS
            chat.app.inbox.take([*flooding, *words])
            waiting = chat.desk.store.inbox.count("state", InboxState.WAITING)
            figures.most_waiting = max(figures.most_waiting, waiting)
            minutes = 1 + (chat.clock.monotonic() - began) // 60
            taken = len(chat.desk.store.inbox) - figures.asked
            assert taken <= A_MINUTE * minutes, f"{taken} taken in {minutes:.0f} minutes"
            telegram = chat.app.telegram
            await chat.app.inbox.sweep(telegram.process_update, telegram.bot)

        async def noted(call: Call) -> Answer:
            answer = await call()
            name, given = line.calls[-1]
            to = given["chat_id"] if name == "sendMessage" else None
            if to in asked:
                figures.waits.append(chat.clock.monotonic() - asked.pop(to))
            elif to == flooder and figures.flooding < times:
                await comes()  # a second after the one before: its chat takes no more
            return answer

        line.always = noted
        while figures.flooding < times:
            await comes()
            await chat.app.outbox.drain()
            chat.clock.move_to(chat.clock.now() + timedelta(seconds=1))
        figures.taken = sum(row.update < 10**6 for row in chat.desk.store.inbox)
        figures.minutes = math.ceil((chat.clock.monotonic() - began) / 60)
        said = (row.args.get("say", row.kind) for row in chat.desk.store.outbox)
        figures.notices.update(kind for kind in said if kind in NOTICES)
        return figures


def _batch(chat: Chat, account: int, first: int, many: int) -> list[dict[str, Any]]:
    """Words and presses in turn."""
    now = int(chat.desk.now().timestamp())
    return [
        message(account, number, at=now) if number % 2 else press(account, number)
        for number in range(first + 1, first + 1 + many)
    ]
