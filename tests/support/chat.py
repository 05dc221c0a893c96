"""A dialogue through the real dispatcher, offline: what people type and press, and what they read."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from telegram.request import BaseRequest, RequestData
from typing_extensions import override

from bot.app import App, build
from bot.calendar import calendar
from bot.delivery.easel import Draw, Drawable
from bot.delivery.schedule import Tick
from bot.desk import Desk
from bot.settings import Rate, Settings
from bot.standings import standings
from messages.catalogue import Catalogue
from messages.facts import ACTS, READS
from messages.lengths import plain
from storage.records import InboxState, RowState
from storage.store import Store
from tests.support.cast import Cast, settle
from tests.support.clock import PacedClock, StandingClock, at
from tests.support.standings import agree

TOKEN = "4242:AAtestTestTESTtestTESTtestTESTtest"
CATALOGUE = Catalogue.load()
GROUP = -100
TURNS = ("办理", "返回")  # the two sides of a student's card
UNHURRIED = Settings(
    rate=Rate(account_minute=1_000_000, account_presses=1_000_000)
)  # no time passes while people write


async def words_alone(_: Drawable) -> None:
    """As on a machine without a font."""


@dataclass(slots=True)
class Shown:
    """A message as it stands in a chat now."""

    id: int
    chat: int
    text: str
    buttons: dict[str, str] = field(default_factory=dict)  # label → token
    file: str | None = None  # its name; the text is then what stands under it
    content: bytes = b""
    picture: bytes | None = None  # above the text
    protected: bool = False  # nobody can forward or save it; no edit changes that


class Recorder(BaseRequest):
    """Answers the Bot API from memory; anything it does not know fails the test."""

    def __init__(self) -> None:
        self.shown: dict[tuple[int, int], Shown] = {}
        self.pops: list[tuple[str, str | None, bool]] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self._ids = itertools.count(1)

    @property
    @override
    def read_timeout(self) -> float:
        return 1.0

    @override
    async def initialize(self) -> None: ...

    @override
    async def shutdown(self) -> None: ...

    @override
    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *_: Any,
        **__: Any,
    ) -> tuple[int, bytes]:
        name = url.rsplit("/", 1)[-1]
        given: dict[str, Any] = dict(request_data.parameters) if request_data else {}
        uploads = (request_data and request_data.multipart_data) or {}
        self.calls.append((name, given))
        given |= {field: value for field, value in uploads.items() if field not in given}
        result = getattr(self, f"_{name}")(given)
        if name.startswith("send"):
            shown = self.shown[given["chat_id"], result["message_id"]]
            shown.protected = given.get("protect_content", False)
        return 200, json.dumps({"ok": True, "result": result}).encode()

    def _getMe(self, _: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - the API's own name
        return {"id": 4242, "is_bot": True, "first_name": "引路", "username": "yinlu_bot"}

    def _sendMessage(self, given: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - the API's own name
        shown = Shown(next(self._ids), given["chat_id"], plain(given["text"]), _keys(given))
        self.shown[shown.chat, shown.id] = shown
        return _message(shown)

    def _sendDocument(self, given: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - the API's own name
        shown = Shown(next(self._ids), given["chat_id"], plain(given["caption"]), _keys(given))
        self.shown[shown.chat, shown.id] = shown
        name, content, _ = given["document"]
        shown.file, shown.content = name, content
        return _message(shown)

    def _sendPhoto(self, given: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - the API's own name
        shown = Shown(next(self._ids), given["chat_id"], plain(given["caption"]), _keys(given))
        _, shown.picture, _ = given["photo"]
        self.shown[shown.chat, shown.id] = shown
        return _message(shown)

    def _editMessageMedia(self, given: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - the API's own name
        shown = self.shown[given["chat_id"], given["message_id"]]
        shown.text, shown.buttons = plain(given["media"]["caption"]), _keys(given)
        _, shown.picture, _ = given[given["media"]["media"].removeprefix("attach://")]
        return _message(shown)

    def _editMessageCaption(self, given: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - the API's own name
        shown = self.shown[given["chat_id"], given["message_id"]]
        assert shown.picture is not None, "there is no caption in the message to edit"
        shown.text, shown.buttons = plain(given["caption"]), _keys(given)
        return _message(shown)

    def _editMessageText(self, given: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - the API's own name
        shown = self.shown[given["chat_id"], given["message_id"]]
        assert shown.picture is None, "there is no text in the message to edit"
        shown.text, shown.buttons = plain(given["text"]), _keys(given)
        return _message(shown)

    def _editMessageReplyMarkup(self, given: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - the API's own name
        shown = self.shown[given["chat_id"], given["message_id"]]
        shown.buttons = _keys(given)
        return _message(shown)

    def _answerCallbackQuery(self, given: dict[str, Any]) -> bool:  # noqa: N802 - the API's own name
        self.pops.append(
            (given["callback_query_id"], given.get("text"), given.get("show_alert", False))
        )
        return True

    def _setMyCommands(self, _: dict[str, Any]) -> bool:  # noqa: N802 - the API's own name
        return True


def _keys(given: dict[str, Any]) -> dict[str, str]:
    markup = given.get("reply_markup") or {}
    rows = markup.get("inline_keyboard", []) if isinstance(markup, dict) else []
    return {key["text"]: key["callback_data"] for row in rows for key in row}


def _message(shown: Shown) -> dict[str, Any]:
    kind = "private" if shown.chat > 0 else "group"
    return {"message_id": shown.id, "date": 0, "chat": {"id": shown.chat, "type": kind}}


class Chat:
    """Drives the bot: everybody speaks through `say` and `press`, and reads through `reads`."""

    def __init__(self, app: App, recorder: Recorder, clock: StandingClock, cast: Cast) -> None:
        self.app = app
        self.desk = app.desk
        self.recorder = recorder
        self.clock = clock
        self.cast = cast
        self._updates = itertools.count(1)
        self._theirs = itertools.count(10_000)
        self._seen: dict[int, int] = {}

    async def say(
        self, who: str | int, text: str, *, reply_to: Shown | None = None, chat: int | None = None
    ) -> list[str]:
        """Let somebody write; return the new messages in that chat."""
        telegram = self._telegram(who)
        place = chat or telegram
        message: dict[str, Any] = {
            "message_id": next(self._theirs),
            "date": int(self.clock.now().timestamp()),
            "chat": {"id": place, "type": "private" if place > 0 else "group", "title": "群"},
            "from": {"id": telegram, "is_bot": False, "first_name": "某"},
            "text": text,
        }
        if text.startswith("/"):
            length = len(text.split()[0])
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        if reply_to is not None:
            message["reply_to_message"] = {**_message(reply_to), "text": reply_to.text}
        await self.feed({"message": message})
        return self.news(place)

    async def press(
        self, who: str | int, label: str, *, on: Shown | None = None, token: str | None = None
    ) -> str | None:
        """Press a button on that message (default: the latest that has it); return the note over it.

        One on the other side of a card (办理, 返回) is looked for there, as a person would.
        """
        telegram = self._telegram(who)
        shown = on or await self._latest_with(telegram, label)
        if token is None and label not in shown.buttons:
            await self._turn(telegram, shown)
        query = f"q{next(self._theirs)}"
        await self.feed(
            {
                "callback_query": {
                    "id": query,
                    "from": {"id": telegram, "is_bot": False, "first_name": "某"},
                    "chat_instance": "1",
                    "message": {**_message(shown), "date": 1, "text": shown.text},
                    "data": token or shown.buttons[label],
                }
            }
        )
        answers = [text for id, text, _ in self.recorder.pops if id == query]
        assert len(answers) == 1, f"the press on {label} was answered {len(answers)} times"
        return answers[0]

    async def _latest_with(self, telegram: int, label: str) -> Shown:
        for one in reversed(self.in_chat(telegram)):
            if label in one.buttons or label in await self.behind(telegram, one):
                return one
        shown = [one.buttons for one in self.in_chat(telegram)]
        raise AssertionError(f"no button {label}; there are {shown}")

    async def behind(self, who: str | int, shown: Shown) -> dict[str, str]:
        """Return the buttons on the other side of a card, which then shows its side as before."""
        telegram = self._telegram(who)
        if not await self._turn(telegram, shown):
            return {}
        found = dict(shown.buttons)
        await self._turn(telegram, shown)
        return found

    async def _turn(self, telegram: int, shown: Shown) -> bool:
        """Turn the card over; False: it has one side, or is no card."""
        way = next((one for one in TURNS if one in shown.buttons), None)
        if way is not None:
            await self.press(telegram, way, on=shown)
        return way is not None

    async def feed(self, body: dict[str, Any]) -> None:
        """Take one raw update in, handle it, and send what it caused."""
        self.app.inbox.take([{"update_id": next(self._updates), **body}])
        await self.settle()

    async def settle(self) -> None:
        """Let the inbox and the outbox run dry at this moment."""
        handle, bot = self.app.telegram.process_update, self.app.telegram.bot
        store = self.desk.store
        await self.app.inbox.sweep(handle, bot)
        assert self.app.inbox.failure is None, repr(self.app.inbox.failure)
        assert not store.inbox.where("state", InboxState.WAITING)
        await self.app.intake.sweep()
        await self.app.outbox.drain()
        dead = [
            row
            for row in store.outbox.where("state", RowState.DEAD)
            if row.reason != "unreachable"
        ]
        assert not dead, [(row.kind, row.reason) for row in dead]

    async def tick(self, when: datetime | None = None) -> None:
        """Move to that moment and let the reminders of it out."""
        if when is not None:
            self.clock.move_to(when)
        Tick(self.desk).now()
        await self.settle()

    def in_chat(self, who: str | int) -> list[Shown]:
        """Return what the bot's messages in that chat look like now, oldest first."""
        chat = self._telegram(who) if isinstance(who, str) else who
        return [one for (place, _), one in self.recorder.shown.items() if place == chat]

    def files(self, who: str | int) -> list[Shown]:
        """Return the messages in that chat that are files, oldest first."""
        return [one for one in self.in_chat(who) if one.file is not None]

    def news(self, who: str | int) -> list[str]:
        """Return the texts that are new in that chat since it was last asked."""
        chat = self._telegram(who) if isinstance(who, str) else who
        new = [one for one in self.in_chat(chat) if one.id > self._seen.get(chat, 0)]
        if new:
            self._seen[chat] = new[-1].id
        return [one.text for one in new]

    def _telegram(self, who: str | int) -> int:
        return who if isinstance(who, int) else self.cast.telegram[who]


@asynccontextmanager
async def chatting(
    now: datetime | None = None,
    *,
    term: bool = True,
    settings: Settings | None = None,
    store: Store | None = None,
    recorder: Recorder | None = None,
    draw: Draw = words_alone,
    paced: bool = False,
) -> AsyncIterator[Chat]:
    """A bot on a store in memory with the named cast, at that moment (Tuesday of week 2).

    Pictures go out as words, unless ``draw`` makes some. ``paced``: no time passes while a file is
    made beside the bot; else it would be days.
    """
    store = store or Store.in_memory()
    outbox = store.outbox
    moment = now or at(2026, 9, 15, 10)
    busy = PacedClock(moment, lambda: bool(outbox.count("state", RowState.SENDING)))
    clock = busy if paced else StandingClock(moment)
    own = settings or UNHURRIED
    desk = Desk(store, clock, own, calendar(own.holidays), "yinlu_bot")
    cast = settle(desk, term=term)
    recorder = recorder or Recorder()
    app = build(desk, CATALOGUE, TOKEN, request=recorder, draw=draw)
    standings(desk)  # from here on they must hear of every change
    async with app.telegram:
        yield Chat(app, recorder, clock, cast)
    wordless = {one.what for one in store.deeds} - {*ACTS, *READS}
    assert not wordless, f"deeds that no history has words for: {wordless}"
    agree(desk)
    await asyncio.sleep(0)
