"""The office sends a roster by chat: differences or faults, then 应用 or 放弃; no number ever comes back."""

from __future__ import annotations

import asyncio
import io
import threading
import zipfile
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from telegram.error import BadRequest, NetworkError, TelegramError
from telegram.request import HTTPXRequest, RequestData
from typing_extensions import override

from bot.actions import roster, upload
from bot.app import App, build
from bot.calendar import calendar
from bot.commands.purging import purge
from bot.delivery import mending
from bot.delivery.intake import Intake
from bot.desk import Desk
from bot.rehearsal.botapi import World, serve
from bot.settings import Settings
from storage import workbook, workbook_apart
from storage.records import Duty, FailedTry, InboxState, Pairing, Person, Role, RowState
from storage.store import Store
from storage.workbook_apart import Found
from storage.workbook_rows import MOST_BYTES, PairingRow, Roster
from tests.support.cast import settle
from tests.support.chat import CATALOGUE, TOKEN, Chat, Recorder, chatting, words_alone
from tests.support.clock import PacedClock, at
from tests.support.line import StumblingJournal
from tests.support.telegram import PLAIN

ON = Settings(roster_by_chat=True)
READING = "收到，正在核对，请稍候。核对完会列出差别，由您决定是否应用。"
SETTLED = "这份花名册已经处理过了。要再更改，请重新发一份。"
MOVED_ON = "花名册在这期间有了变动，差别已重新列出，请看过后再点。"
DROPPED = "这份花名册没有应用，读到的内容已经删除。"
LAPSED = "这份花名册已过1小时，没有应用，读到的内容已经删除。需要时请再发一次。"
NOT_FETCHED = "文件没有取到，没有作任何改动。请再发一次；仍不成，请把文件交给维护人员导入。"
TOO_BIG = "文件超过 5 MB，没有下载。请新建工作簿，只粘贴 支部、人员、结对 三张表，再发来。"
NOT_TEXT = "这里只看文字。可以发 /help（帮助）看看能做什么。"


class Mailbox(Recorder):
    """Has files to be fetched, too. ``troubles``: what the next fetches fail of."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, bytes] = {}
        self.troubles: list[TelegramError] = []
        self.grown = 0  # bytes by which a file is larger than its message said

    @override
    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *others: Any,
        **options: Any,
    ) -> tuple[int, bytes]:
        if "/file/bot" in url:
            return 200, self.files[url.rsplit("/", 1)[-1]]
        return await super().do_request(url, method, request_data, *others, **options)

    def _getFile(self, given: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - the API's own name
        if self.troubles:
            raise self.troubles.pop(0)
        name = given["file_id"]
        size = len(self.files[name]) + self.grown
        return {"file_id": name, "file_unique_id": name, "file_size": size, "file_path": name}


class Office(Chat):
    """The dialogue, and a folder in which rosters wait."""

    folder: Path
    mail: Mailbox

    async def send(
        self,
        content: bytes,
        *,
        who: str = "何主任",
        name: str = "../../名册\0.xlsx",
        **more: Any,
    ) -> list[str]:
        """Let somebody send a file; return the new messages in that chat."""
        file = f"file{len(self.mail.files)}"
        self.mail.files[file] = content
        document = {"file_id": file, "file_unique_id": file, "file_name": name}
        return await self.send_other(who, document={**document, "file_size": len(content), **more})

    async def send_other(self, who: str, **part: Any) -> list[str]:
        telegram = self.cast.telegram[who]
        message = {
            "message_id": 7,
            "date": int(self.clock.now().timestamp()),
            "chat": {"id": telegram, "type": "private"},
            "from": {"id": telegram, "is_bot": False, "first_name": "某"},
        }
        await self.feed({"message": {**message, **part}})
        return self.news(who)

    async def send_roster(self, rows: Roster, folder: Path) -> list[str]:
        path = folder / "x.xlsx"
        path.unlink(missing_ok=True)
        workbook.write(path, rows)
        return await self.send(path.read_bytes())

    @property
    def rows(self) -> Roster:
        return roster.export(self.desk.store)

    @property
    def waiting(self) -> list[Path]:
        return sorted(self.folder.iterdir()) if self.folder.exists() else []

    def people(self, name: str) -> list[Person]:
        return self.desk.store.people.where("name", name)


@asynccontextmanager
async def at_the_office(
    folder: Path, settings: Settings = ON, **more: Any
) -> AsyncIterator[Office]:
    """Afterwards nothing that was said, logged or stored outside the roster holds a number."""
    mail = Mailbox()
    async with chatting(settings=settings, recorder=mail, **more) as chat:
        office = Office(chat.app, mail, chat.clock, chat.cast)
        office.folder, office.mail = folder / "uploads", mail
        chat.desk.uploads = office.folder
        yield office
        assert_no_numbers(office)


def assert_no_numbers(office: Office) -> None:
    numbers = {person.number for person in office.desk.store.people} | {"202499"}
    store = office.desk.store
    rows: list[Iterable[object]] = [
        store.outbox,
        store.inbox,
        store.deeds,
        store.uploads,
        store.buttons,
    ]
    everything = repr([office.mail.calls, office.mail.shown, [[*table] for table in rows]])
    assert not [number for number in numbers if number in everything]


@pytest.fixture(autouse=True)
def _read_here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child takes half a second; those dialogues that are about it have it."""

    def here(path: Path) -> Found:
        assert path.stat().st_mode & 0o777 == 0o600
        rows, faults = workbook.read(path)
        return Found(rows, tuple(faults))

    if "child" not in request.node.name:
        monkeypatch.setattr(workbook_apart, "read", here)


def with_changes(rows: Roster) -> Roster:
    """张新 comes, 李明's class changes, 王小雨 gets a second contact, 冯四 is not listed."""
    people = [
        replace(one, class_name="小教2402") if one.name == "李明" else one
        for one in rows.people
        if one.name != "冯四"
    ]
    by_name = {one.name: one.number for one in rows.people}
    new = replace(
        next(one for one in people if one.name == "李明"), number="2024990001", name="张新"
    )
    pairs = [one for one in rows.pairings if one.student != by_name["冯四"]]
    second = PairingRow(
        student=by_name["王小雨"], mentor=by_name["吴静"], role=Role.CONTACT, since=None
    )
    return replace(rows, people=(*people, new), pairings=(*pairs, second))


FOUND = """这份花名册与现有的相比：
人员新增1：张新
人员变更1：李明（班级）
结对新增1：王小雨—吴静
人员未列出1：冯四，不会移除
现在还没有改动。点“应用”后不能用 /undo（撤销）取消；要改回，请再发一份改好的花名册。1小时内有效。"""


async def test_office_reads_the_differences_and_applies_them_once(tmp_path: Path) -> None:
    async with at_the_office(tmp_path) as office:
        assert await office.send_roster(with_changes(office.rows), tmp_path) == [READING, FOUND]
        assert not office.people("张新")
        assert [path.stat().st_mode & 0o777 for path in office.waiting] == [0o600]
        shown = office.in_chat("何主任")[-1]
        apply = dict(shown.buttons)
        assert set(apply) == {"应用", "放弃"}
        assert await office.press("何主任", "应用") is None
        assert shown.text == (
            "已应用：人员新增1，人员变更1，结对新增1。\n"
            "有关的人已经通知。要改回，请再发一份改好的花名册。"
        )
        assert not shown.buttons
        assert [one.class_name for one in office.people("李明")] == ["小教2402"]
        assert [one.left for one in office.people("冯四")] == [None]
        assert len(office.people("张新")) == 1
        assert office.waiting == []
        deeds = len(office.desk.store.deeds)
        for label in ("应用", "放弃"):
            answer = await office.press("何主任", label, on=shown, token=apply[label])
            assert answer == SETTLED
        assert len(office.desk.store.deeds) == deeds
        assert len(office.people("张新")) == 1


async def test_what_was_applied_is_on_record_as_the_offices_own_act(tmp_path: Path) -> None:
    async with at_the_office(tmp_path) as office:
        await office.send_roster(with_changes(office.rows), tmp_path)
        await office.press("何主任", "应用")
        made = [one for one in office.desk.store.deeds if one.what == "roster"]
        assert made
        assert {one.by for one in made} == {office.cast["何主任"].id}
        office.news("何主任")
        assert await office.say("何主任", "/undo") == [
            "花名册的应用不能撤销。要改回，请再发一份改好的花名册。"
        ]


async def test_whoever_gets_a_new_mentor_by_it_is_told(tmp_path: Path) -> None:
    async with at_the_office(tmp_path) as office:
        await office.send_roster(with_changes(office.rows), tmp_path)
        assert office.news("王小雨") == []
        await office.press("何主任", "应用")
        assert "吴静" in office.news("王小雨")[0]


async def test_office_drops_it_and_nothing_has_changed(tmp_path: Path) -> None:
    async with at_the_office(tmp_path) as office:
        before = office.rows
        await office.send_roster(with_changes(before), tmp_path)
        shown = office.in_chat("何主任")[-1]
        await office.press("何主任", "放弃")
        assert (shown.text, shown.buttons) == (DROPPED, {})
        assert office.rows == before
        assert office.waiting == []
        assert not len(office.desk.store.uploads)


async def test_only_what_was_shown_is_applied_though_the_store_has_changed_since(
    tmp_path: Path,
) -> None:
    async with at_the_office(tmp_path) as office:
        await office.send_roster(with_changes(office.rows), tmp_path)
        store, wang = office.desk.store, office.cast["王小雨"]
        with store.transaction():
            store.people.put(replace(wang, class_name="另一班"))
        shown = office.in_chat("何主任")[-1]
        stale = dict(shown.buttons)
        assert await office.press("何主任", "应用") == MOVED_ON
        assert "人员变更2：李明（班级）、王小雨（班级）" in shown.text
        assert not office.people("张新")
        assert await office.press("何主任", "应用", on=shown, token=stale["应用"]) == MOVED_ON
        assert not office.people("张新")
        assert await office.press("何主任", "应用") is None
        assert len(office.people("张新")) == 1


async def test_roster_that_has_become_wrong_meanwhile_is_not_applied(tmp_path: Path) -> None:
    async with at_the_office(tmp_path) as office:
        await office.send_roster(with_changes(office.rows), tmp_path)
        store = office.desk.store
        with store.transaction():
            third = Pairing(
                student=office.cast["王小雨"].id,
                mentor=office.cast["郑老师"].id,
                role=Role.CONTACT,
            )
            store.pairings.add(third)
        assert await office.press("何主任", "应用") == MOVED_ON
        assert "处要改正" in office.in_chat("何主任")[-1].text
        assert not office.people("张新")


async def test_roster_that_says_nothing_new_has_no_buttons(tmp_path: Path) -> None:
    async with at_the_office(tmp_path) as office:
        said = await office.send_roster(office.rows, tmp_path)
        assert said == [READING, "这份花名册与现有的一致，没有要更改的。"]
        assert not office.in_chat("何主任")[-1].buttons


async def test_faults_are_named_by_place_and_never_quote_a_cell(tmp_path: Path) -> None:
    async with at_the_office(tmp_path) as office:
        rows = office.rows
        ghost = replace(rows.pairings[0], mentor="2024990009")
        wrong = replace(rows, pairings=(*rows.pairings, ghost, *[ghost] * 12))
        _, said = await office.send_roster(wrong, tmp_path)
        lines = said.splitlines()
        assert lines[0] == "这份花名册有25处要改正，没有作任何改动："
        last = len(rows.pairings) + 2
        assert lines[1] == f"结对 第{last}行 「导师编号」：「人员」表里没有这个编号"
        assert lines[-2:] == ["另有15处。", "改好后请再发来。"]
        assert not office.in_chat("何主任")[-1].buttons


async def test_warnings_are_told_with_the_differences(tmp_path: Path) -> None:
    async with at_the_office(tmp_path) as office:
        rows = office.rows
        home = next(one.branch for one in rows.people if one.name == "周文")
        one = next(one for one in rows.people if one.name == "李明")
        strays = [
            replace(one, number=f"202499100{n}", name=f"甲{n}", branch=home) for n in range(5)
        ]
        _, said = await office.send_roster(replace(rows, people=(*rows.people, *strays)), tmp_path)
        assert said.count("请留意：人员 第") == 3
        assert "另有2处要留意。" in said


@pytest.mark.parametrize("settings", [Settings(), ON])
async def test_nobody_but_the_office_has_a_file_read(tmp_path: Path, settings: Settings) -> None:
    async with at_the_office(tmp_path, settings) as office:
        for who in ("李明", "周老师", "陈静", "林峰", "韩书记"):
            assert await office.send(b"x", who=who) == [NOT_TEXT]
        assert "getFile" not in {name for name, _ in office.mail.calls}


async def test_without_the_setting_the_office_is_told_what_to_do(tmp_path: Path) -> None:
    async with at_the_office(tmp_path, Settings()) as office:
        assert await office.send(b"x") == [
            "这里不收花名册：学号、工号不经 Telegram 传送。"
            "请把文件交给维护人员，用 yinlu roster import 导入。"
        ]
        assert await office.send_other("何主任", photo=PHOTO) == [NOT_TEXT]
        assert not office.waiting
        assert "getFile" not in {name for name, _ in office.mail.calls}


PHOTO = [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]
VOICE = {"file_id": "v", "file_unique_id": "v", "duration": 1}


async def test_photo_of_a_roster_is_answered_in_a_sentence(tmp_path: Path) -> None:
    async with at_the_office(tmp_path) as office:
        assert await office.send_other("何主任", photo=PHOTO) == [
            "这是图片，读不出名册。请把花名册的 .xlsx 工作簿，或装有三个 CSV 文件的 zip，作为文件发来。"
        ]
        assert await office.send_other("何主任", voice=VOICE) == [NOT_TEXT]


async def test_file_of_more_than_five_megabytes_is_not_fetched(tmp_path: Path) -> None:
    async with at_the_office(tmp_path) as office:
        assert await office.send(b"x", file_size=MOST_BYTES + 1) == [TOO_BIG]
        assert "getFile" not in {name for name, _ in office.mail.calls}


async def test_file_that_is_larger_than_its_message_said_is_not_fetched(tmp_path: Path) -> None:
    async with at_the_office(tmp_path) as office:
        office.mail.grown = MOST_BYTES
        assert await office.send(b"x") == [READING, NOT_FETCHED]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\x89PNG\r\n", "不是 .xlsx 工作簿，也不是装有三个 CSV 文件的 zip"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "这是旧版 .xls 文件，请在表格软件里另存为 .xlsx"),
    ],
)
async def test_file_that_is_no_roster_is_refused_by_the_child_in_a_sentence(
    tmp_path: Path, content: bytes, why: str
) -> None:
    async with at_the_office(tmp_path) as office:
        _, said = await office.send(content)
        assert said == f"这份花名册有1处要改正，没有作任何改动：\n{why}\n改好后请再发来。"


async def test_new_file_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    async with at_the_office(tmp_path) as office:
        await office.send_roster(with_changes(office.rows), tmp_path)
        earlier = office.in_chat("何主任")[-1]
        await office.send_roster(office.rows, tmp_path)
        assert (earlier.text, earlier.buttons) == (DROPPED, {})
        assert len(office.waiting) == 1


async def test_after_an_hour_it_is_gone(tmp_path: Path) -> None:
    async with at_the_office(tmp_path) as office:
        await office.send_roster(with_changes(office.rows), tmp_path)
        shown = office.in_chat("何主任")[-1]
        office.clock.move_to(at(2026, 9, 15, 10, 59))
        await office.settle()
        assert office.waiting
        token = shown.buttons["应用"]
        office.clock.move_to(at(2026, 9, 15, 11))
        await office.settle()
        assert (shown.text, shown.buttons) == (LAPSED, {})
        assert not office.waiting
        assert await office.press("何主任", "应用", on=shown, token=token) == SETTLED


async def test_roster_whose_file_has_vanished_is_not_applied(tmp_path: Path) -> None:
    async with at_the_office(tmp_path) as office:
        await office.send_roster(with_changes(office.rows), tmp_path)
        shown = office.in_chat("何主任")[-1]
        office.waiting[0].unlink()
        assert await office.press("何主任", "应用") == SETTLED
        assert shown.text == LAPSED
        assert not len(office.desk.store.uploads)


async def test_file_stays_until_it_is_durable_that_nobody_needs_it(tmp_path: Path) -> None:
    journal = StumblingJournal()
    async with at_the_office(tmp_path, store=Store(journal)) as office:
        await office.send_roster(with_changes(office.rows), tmp_path)
        with office.desk.store.transaction(sync=False):
            upload.drop_all(office.desk)
        journal.fails = 1
        assert await office.app.intake.sweep() == mending.SECONDS
        office.desk.store.reopen()
        await office.press("何主任", "应用")
        assert office.people("张新")
        assert not office.waiting


async def test_what_a_killed_process_left_in_the_folder_is_removed(tmp_path: Path) -> None:
    async with at_the_office(tmp_path) as office:
        office.folder.mkdir()
        (office.folder / "left").write_text("2024010101", encoding="utf-8")
        await office.settle()
        assert not office.waiting


async def test_folder_that_cannot_be_read_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Path) -> None:
        raise OSError(5, "Input/output error")

    async with at_the_office(tmp_path) as office:
        await office.send_roster(with_changes(office.rows), tmp_path)
        with monkeypatch.context() as damaged:
            damaged.setattr(Path, "iterdir", broken)
            assert await office.app.intake.sweep() > 0
        assert await office.press("何主任", "应用") is None
        assert len(office.people("张新")) == 1


async def test_purge_leaves_no_roster_that_waits(tmp_path: Path) -> None:
    async with at_the_office(tmp_path) as office:
        await office.send_roster(with_changes(office.rows), tmp_path)
        store, gone = office.desk.store, office.cast["钱二"]
        with store.transaction():
            store.people.put(replace(gone, left=date(2026, 9, 1)))
        purge(office.desk, folder=str(tmp_path), people=[gone.number])
        assert not office.waiting
        await office.settle()
        assert office.in_chat("何主任")[-1].text == DROPPED


@pytest.mark.parametrize("somebody_goes", [True, False])
async def test_purge_while_a_roster_is_read_leaves_nothing_of_it_or_lets_it_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, somebody_goes: bool
) -> None:
    """A purge tidies the folder, in which lies what the child is reading."""
    is_read, go_on, read = threading.Event(), threading.Event(), workbook_apart.read

    def read_slowly(path: Path) -> Found:
        is_read.set()
        assert go_on.wait(20)
        return read(path)

    monkeypatch.setattr(workbook_apart, "read", read_slowly)
    async with at_the_office(tmp_path) as office:
        rows = with_changes(office.rows)
        sending = asyncio.ensure_future(office.send_roster(rows, tmp_path))
        assert await asyncio.to_thread(is_read.wait, 20)
        store, gone = office.desk.store, office.cast["钱二"]
        with store.transaction():
            store.people.put(replace(gone, left=date(2026, 9, 1)))
            store.failed_tries.add(FailedTry(telegram=7001, at=at(2026, 9, 1)))
        purge(office.desk, folder=str(tmp_path), people=[gone.number] if somebody_goes else [])
        go_on.set()
        await sending
        assert len(office.waiting) == (0 if somebody_goes else 1)
        assert ("打不开" in repr(office.in_chat("何主任"))) is False
        assert ("应用" in office.in_chat("何主任")[-1].buttons) is not somebody_goes


async def test_roster_waits_over_a_restart(tmp_path: Path) -> None:
    async with at_the_office(tmp_path) as office:
        await office.send_roster(with_changes(office.rows), tmp_path)
        shown = office.in_chat("何主任")[-1]
        office.app.intake = Intake(office.desk, office.app.telegram.bot)
        await office.settle()
        await office.press("何主任", "应用", on=shown)
        assert len(office.people("张新")) == 1


async def test_fetch_that_fails_is_tried_again(tmp_path: Path) -> None:
    async with at_the_office(tmp_path) as office:
        office.mail.troubles = [NetworkError("x"), NetworkError("x")]
        assert await office.send_roster(office.rows, tmp_path) == [READING]
        office.clock.move_to(at(2026, 9, 15, 10, 1))
        await office.settle()
        await office.settle()
        assert office.news("何主任") == []
        office.clock.move_to(at(2026, 9, 15, 10, 2))
        await office.settle()
        assert office.news("何主任") == ["这份花名册与现有的一致，没有要更改的。"]


@pytest.mark.parametrize("troubles", [[BadRequest("wrong file_id")], [NetworkError("x")] * 3])
async def test_file_that_cannot_be_had_is_asked_for_again(
    tmp_path: Path, troubles: list[TelegramError]
) -> None:
    async with at_the_office(tmp_path) as office:
        office.mail.troubles = troubles
        said = await office.send_roster(office.rows, tmp_path)
        for minute in (1, 2):
            office.clock.move_to(at(2026, 9, 15, 10, minute))
            await office.settle()
        assert [*said, *office.news("何主任")] == [READING, NOT_FETCHED]
        assert not len(office.desk.store.uploads)


async def change_duties(office: Office, name: str, *duties: Duty) -> None:
    with office.desk.store.transaction():
        office.desk.store.people.put(replace(office.cast[name], duties=duties))


async def test_whoever_is_no_longer_the_office_applies_nothing(tmp_path: Path) -> None:
    async with at_the_office(tmp_path) as office:
        await office.send_roster(with_changes(office.rows), tmp_path)
        await change_duties(office, "何主任")
        await office.press("何主任", "应用")
        assert not office.people("张新")


async def test_button_of_another_in_the_office_applies_nothing(tmp_path: Path) -> None:
    async with at_the_office(tmp_path) as office:
        await change_duties(office, "周老师", Duty.OFFICE)
        await office.send_roster(with_changes(office.rows), tmp_path)
        shown = office.in_chat("何主任")[-1]
        assert (await office.press("周老师", "应用", on=shown) or "").startswith(
            "这个按钮是给别人的"
        )
        assert not office.people("张新")


async def test_others_are_answered_while_a_file_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_the_office(tmp_path) as office:
        answered = asyncio.Event()
        loop = asyncio.get_running_loop()

        def slow(path: Path) -> Found:
            asyncio.run_coroutine_threadsafe(answered.wait(), loop).result(10)
            return Found(Roster())

        monkeypatch.setattr(workbook_apart, "read", slow)
        office.mail.files["f"] = b"x"
        sweeping = asyncio.ensure_future(_sweep_for(office))
        office.app.inbox.take([{"update_id": 900, **document_of(office)}])
        handle, bot = office.app.telegram.process_update, office.app.telegram.bot
        await office.app.inbox.sweep(handle, bot)
        while not office.waiting:
            await asyncio.sleep(0)
        body = {"message": {**document_of(office)["message"], "text": "/help"}}
        body["message"].pop("document")
        body["message"]["entities"] = [{"type": "bot_command", "offset": 0, "length": 5}]
        office.app.inbox.take([{"update_id": 901, **body}])
        await office.app.inbox.sweep(handle, bot)
        assert not office.desk.store.inbox.where("state", InboxState.WAITING)
        await office.app.outbox.drain()
        assert len(office.news("何主任")) == 2
        answered.set()
        await sweeping


async def _sweep_for(office: Office) -> None:
    while not len(office.desk.store.uploads):
        await asyncio.sleep(0)
    await office.app.intake.sweep()


def document_of(office: Office) -> dict[str, Any]:
    telegram = office.cast.telegram["何主任"]
    return {
        "message": {
            "message_id": 7,
            "date": int(office.clock.now().timestamp()),
            "chat": {"id": telegram, "type": "private"},
            "from": {"id": telegram, "is_bot": False, "first_name": "某"},
            "document": {"file_id": "f", "file_unique_id": "f"},
        }
    }


async def test_senders_name_of_the_file_is_never_kept(tmp_path: Path) -> None:
    async with at_the_office(tmp_path) as office:
        await office.send(b"x", name="../../etc/李明的学号.xlsx")
        kept = repr(list(office.desk.store.inbox))
        assert "李明的学号" not in kept
        assert "file_unique_id" in kept


@asynccontextmanager
async def online(folder: Path) -> AsyncIterator[tuple[App, World, int]]:
    """The bot before the embedded Bot API, over real HTTP; the office's phone."""
    kept = Store.in_memory()

    def is_busy() -> bool:
        is_sending = bool(kept.outbox.count("state", RowState.SENDING))
        return is_sending or any(one.kept is None for one in kept.uploads)

    clock = PacedClock(at(2026, 9, 15, 10), is_busy)
    world = World(clock.now, token=TOKEN, seconds=clock.monotonic)
    async with serve(world) as url:
        own = Settings(api_url=url, roster_by_chat=True)
        desk = Desk(kept, clock, own, calendar(own.holidays), "yinlu_bot")
        phone = settle(desk).telegram["何主任"]
        desk.uploads = folder / "uploads"
        world.add_user(phone, "某")
        world.start(phone)
        world.updates.forget()
        app = build(desk, CATALOGUE, TOKEN, request=HTTPXRequest(**PLAIN), draw=words_alone)
        async with app.telegram:
            yield app, world, phone


async def turn(app: App) -> None:
    """Hear, take in, and answer."""
    bot = app.telegram.bot
    await bot.get_updates(timeout=0)
    await app.inbox.sweep(app.telegram.process_update, bot)
    await app.intake.sweep()
    await app.outbox.drain()


async def test_child_reads_what_came_over_the_embedded_bot_api(tmp_path: Path) -> None:
    async with online(tmp_path) as (app, world, phone):
        path = tmp_path / "x.xlsx"
        workbook.write(path, with_changes(roster.export(app.desk.store)))
        world.upload(phone, phone, path.read_bytes(), "名册.xlsx")
        await turn(app)
        said = world.messages(phone)[-1]
        assert said.text == FOUND
        world.press(phone, phone, said.id, "应用")
        await turn(app)
        assert world.messages(phone)[-1].text.startswith("已应用：人员新增1")
        assert len(app.desk.store.people.where("name", "张新")) == 1
        assert [*(tmp_path / "uploads").iterdir()] == []


async def test_child_refuses_what_unpacks_to_thousands_of_times_its_size(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_BZIP2, compresslevel=9) as bomb:
        bomb.writestr("xl/workbook.xml", bytes(1 << 24))
    async with online(tmp_path) as (app, world, phone):
        world.upload(phone, phone, packed.getvalue(), "名册.xlsx")
        await turn(app)
        assert "文件展开后过大" in world.messages(phone)[-1].text
