"""Halves of characters, and whatever else UTF-8 cannot hold: a plain sentence, nothing changed, nothing dead.

JSON can name half a character ("\\ud83d" alone), a command line any byte; no file and no message can hold them.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.rehearsal.college import sample
from storage import workbook, workbook_apart
from storage.records import InboxState, RowState
from tests.support.chat import GROUP, Chat, chatting

HALF = "\ud83d"
DAMAGED = "文件不完整或已损坏，请在表格软件里另存为 .xlsx 后再试"
NO_ENCODING = "「人员」的 CSV 文件编码认不出来，请另存为 CSV UTF-8"
NO_FILE = "打不开文件 花名册.xlsx：No such file or directory"

Body = dict[str, Any]


def said(account: int, place: int, **more: Any) -> Body:
    body = {
        "message_id": 1,
        "date": 1_789_440_000,
        "chat": {"id": place, "type": "private" if place > 0 else "group", "title": HALF},
        "from": {"id": account, "is_bot": False, "first_name": HALF, "username": f"a{HALF}"},
    }
    return {"message": {**body, **more}}


def pressed(account: int, place: int, data: str) -> Body:
    message = said(account, place, text=HALF)["message"]
    press = {"id": f"1{HALF}", "from": message["from"], "chat_instance": HALF, "message": message}
    return {"callback_query": {**press, "data": data}}


COMMAND = [{"type": "bot_command", "offset": 0, "length": 6}]
FILE = {"file_id": f"f{HALF}", "file_unique_id": HALF, "file_name": f"{HALF}.xlsx"}
WRITTEN: dict[str, Callable[[int, int], Body]] = {
    "text": lambda who, place: said(who, place, text=HALF),
    "reply": lambda who, place: said(
        who, place, text=HALF, reply_to_message=said(who, place, text=HALF)["message"]
    ),
    "start": lambda who, place: said(who, place, text=f"/start {HALF}", entities=COMMAND),
    "command": lambda who, place: said(who, place, text=f"/done  {HALF}", entities=COMMAND),
    "file": lambda who, place: said(who, place, caption=HALF, document=FILE),
    "picture": lambda who, place: said(
        who, place, caption=HALF, photo=[{**FILE, "width": 1, "height": 1}]
    ),
    "button": lambda who, place: pressed(who, place, HALF),
}


async def came(chat: Chat, number: int, body: Body) -> None:
    """It arrives as Telegram's JSON has it, and is handled and answered."""
    chat.app.inbox.take([{"update_id": number, **body}])
    await chat.app.inbox.sweep(chat.app.telegram.process_update, chat.app.telegram.bot)
    await chat.app.outbox.drain()


def facts(chat: Chat) -> list[list[Any]]:
    store = chat.desk.store
    return [list(table) for table in (store.people, store.talks, store.forms, store.deeds)]


@pytest.mark.parametrize("what", WRITTEN)
@pytest.mark.parametrize("who", ["李明", "周老师", "何主任", None])
async def test_half_a_character_from_telegram_is_answered_and_changes_nothing(
    what: str, who: str | None
) -> None:
    async with chatting() as chat:
        account = 7001 if who is None else chat.cast.telegram[who]
        before, store = facts(chat), chat.desk.store
        for number, place in enumerate((account, GROUP), start=1):
            await came(chat, number, WRITTEN[what](account, place))
        assert {one.state for one in store.inbox} == {InboxState.DONE}
        assert {one.state for one in store.outbox} == {RowState.SENT}
        assert facts(chat) == before
        assert chat.recorder.calls
        for _, given in chat.recorder.calls:
            str(given).encode()  # UnicodeEncodeError: no wire carries it


def _workbook(folder: Path, instead: bytes) -> Path:
    """A roster in which the name of the first person is that."""
    whole, path = folder / "whole.xlsx", folder / "花名册.xlsx"
    first, *others = sample().people
    people = (replace(first, name="Anna Quill"), *others)
    workbook.write(whole, replace(sample(), people=people))
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as new:
        for member in old.namelist():
            new.writestr(member, old.read(member).replace(b"Anna Quill", instead))
    return path


def _tables(folder: Path, name: bytes) -> Path:
    path = folder / "花名册.zip"
    with zipfile.ZipFile(path, "w") as new:
        new.writestr("支部.csv", "支部名称,类别\n学一支部,学生\n")
        people = "编号,姓名,支部,类别,阶段\n20240001,?,学一支部,学生,入党积极分子\n".encode()
        new.writestr("人员.csv", people.replace(b"?", name))
        new.writestr("结对.csv", "学生编号,导师编号,身份\n")
    return path


FILES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "XML names it": (lambda at: _workbook(at, b"&#xD83D;"), DAMAGED),
    "XML holds its bytes": (lambda at: _workbook(at, b"\xed\xa0\xbd"), DAMAGED),
    "CSV holds its bytes": (lambda at: _tables(at, b"\xed\xa0\xbd"), NO_ENCODING),
    "CSV holds no text": (lambda at: _tables(at, b"\xff\xfe"), NO_ENCODING),
    "in the file's own name": (lambda at: at / "花名册\udcff.xlsx", NO_FILE),
}


@pytest.mark.parametrize("how", FILES)
def test_roster_that_holds_half_a_character_is_refused_in_a_sentence(
    how: str, tmp_path: Path
) -> None:
    make, expected = FILES[how]
    path = make(tmp_path)
    rows, faults = workbook.read(path)
    assert [fault.expected for fault in faults] == [expected]
    assert not rows.people
    if how == "in the file's own name":  # what the child has to say of it crosses to its parent
        assert workbook_apart.read(path).faults == tuple(faults)
