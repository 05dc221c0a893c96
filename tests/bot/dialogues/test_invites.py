"""未开通: the secretary sends links from the chat, one or all of the branch, and takes them back."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from telegram.request import RequestData
from typing_extensions import override

from bot.actions import enrol
from bot.delivery.easel import Easel
from messages.invitations import Code, code
from storage.records import Person, RowState
from storage.store import Store
from tests.bot.dialogues.test_enrolment import account, enrol_with, forget_account, newcomer
from tests.support.chat import Chat, Recorder, Shown, chatting
from tests.support.line import Line, answer_lost, unplugged

LINK = re.compile(r"https://t\.me/yinlu_bot\?start=([\w-]{32})(?!\S)")
DEAD = "这个链接不能用了，请向支部书记要新的。"
PHONES = (8001, 8002, 8003)


async def card(chat: Chat, name: str = "李明", who: str = "林峰") -> Shown:
    await chat.say(who, f"/assign {name}")
    return chat.in_chat(who)[-1]


def tokens(chat: Chat, who: str = "林峰") -> list[str]:
    """Every token that stands in that chat, oldest first."""
    return [token for one in chat.in_chat(who) for token in LINK.findall(one.text)]


def student(chat: Chat, name: str = "李明") -> Person:
    return chat.cast[name]


def factor(person: Person) -> str:
    return person.number[-4:]


async def test_link_arrives_with_a_word_for_the_secretary_and_one_to_forward() -> None:
    async with chatting() as chat:
        forget_account(chat, "李明")
        shown = await card(chat)
        assert "还没有开通\n" in f"{shown.text}\n"
        chat.news("林峰")
        await chat.press("林峰", "开通链接")
        note, forward = chat.news("林峰")
        assert note == (
            "下一条是李明同学的开通链接，可以直接转发给本人，用微信等转发的请连文字一起复制。"
            "只能用一次，有效至9月18日（周五）10:00；以前发的链接已作废。"
        )
        assert LINK.sub("LINK", forward) == (
            "李明同学，你好。请在手机上用 Telegram 打开这个链接，开通支部的提醒；附有二维码的，也可以扫码：\n"
            "LINK\n"
            "打开后输入本人编号的最后四个字符。链接只供本人使用，9月18日（周五）10:00前有效。"
            "——本科生第一党支部"
        )
        said = await enrol_with(chat, tokens(chat)[0], factor(student(chat)))
        assert any("开通好了" in one for one in said)
        assert account(chat, student(chat)) is not None
        assert "开通链接" not in (await card(chat)).buttons


async def test_code_in_the_picture_is_that_of_the_link_in_the_words() -> None:
    async with chatting(draw=Easel().draw, paced=True) as chat:
        forget_account(chat, "李明")
        await card(chat)
        await chat.press("林峰", "开通链接")
        shown = chat.in_chat("林峰")[-1]
        (token,) = LINK.findall(shown.text)
        assert shown.picture == code(f"https://t.me/yinlu_bot?start={token}")
        assert shown.picture.startswith(b"\x89PNG")


async def test_who_asked_for_whom_and_when_is_on_record() -> None:
    async with chatting() as chat:
        forget_account(chat, "李明")
        await card(chat)
        await chat.press("林峰", "开通链接")
        await chat.press("林峰", "作废链接")
        done = [
            (one.what, one.by, one.about)
            for one in chat.desk.store.deeds
            if one.what.startswith("invite")
        ]
        whom = (chat.cast["林峰"].id, student(chat).id)
        assert done == [("invite", *whom), ("invite_revoked", *whom)]


async def test_new_link_ends_the_older_one_and_says_so_under_it() -> None:
    async with chatting() as chat:
        forget_account(chat, "李明")
        shown = await card(chat)
        await chat.press("林峰", "开通链接", on=shown)
        (first,) = tokens(chat)
        await chat.press("林峰", "开通链接", on=shown)
        (second,) = tokens(chat)  # the first is no longer to be read
        assert [one.text for one in chat.in_chat("林峰") if "用过或作废" in one.text] == [
            "李明同学的这个开通链接已经用过或作废。"
        ]
        assert await chat.say(PHONES[0], f"/start {first}") == [DEAD]
        assert await chat.say(PHONES[0], f"/start {second}") != [DEAD]


async def test_revoked_link_opens_nothing_and_a_second_press_says_there_is_none() -> None:
    async with chatting() as chat:
        forget_account(chat, "李明")
        await card(chat)
        await chat.press("林峰", "开通链接")
        (token,) = tokens(chat)
        shown = await card(chat)
        assert "作废链接" in shown.buttons
        assert "还没有开通，开通链接有效至9月18日（周五）10:00" in shown.text
        chat.news("林峰")
        await chat.press("林峰", "作废链接", on=shown)
        assert chat.news("林峰") == [
            "李明同学的开通链接已作废。需要时在个人情况里点“开通链接”发新的。"
        ]
        assert await chat.say(PHONES[0], f"/start {token}") == [DEAD]
        note = await chat.press("林峰", "作废链接", on=shown)
        assert "没有能用的开通链接" in (note or chat.news("林峰")[-1])
        assert "作废链接" not in (await card(chat)).buttons


async def test_link_revoked_between_opening_and_answering_enrols_nobody() -> None:
    async with chatting() as chat:
        forget_account(chat, "李明")
        await card(chat)
        await chat.press("林峰", "开通链接")
        await chat.say(PHONES[0], f"/start {tokens(chat)[0]}")
        await chat.press("林峰", "作废链接")
        await chat.say(PHONES[0], factor(student(chat)))
        assert account(chat, student(chat)) is None


async def test_whoever_has_enrolled_meanwhile_gets_no_other_link() -> None:
    async with chatting() as chat:
        forget_account(chat, "李明")
        shown = await card(chat)
        await chat.press("林峰", "开通链接", on=shown)
        await enrol_with(chat, tokens(chat)[0], factor(student(chat)))
        note = await chat.press("林峰", "开通链接", on=shown)
        assert "李明同学已经开通，不需要新的链接。" in (note or chat.news("林峰")[-1])
        assert len(chat.desk.store.invites) == 1


@pytest.mark.parametrize("who", ["陈静", "周老师", "王小雨", "韩书记"])
@pytest.mark.parametrize("label", ["开通链接", "全部重发"])
async def test_nobody_but_the_own_secretary_and_the_office_makes_links(
    who: str, label: str
) -> None:
    async with chatting() as chat:
        forget_account(chat, "李明")
        shown = await card(chat) if label == "开通链接" else await not_enrolled(chat)
        await chat.press(who, label, on=shown, token=shown.buttons[label])
        assert not len(chat.desk.store.invites)
        assert not [one for one in chat.in_chat(who) if label in one.buttons]


async def test_committee_member_reads_the_list_without_the_button() -> None:
    async with chatting() as chat:
        forget_account(chat, "李明")
        shown = await not_enrolled(chat, "陈静")
        assert "李明" in shown.buttons
        assert "全部重发" not in shown.buttons


class Watching(Recorder):
    """Looks into the store at the moment in which a link is on the wire."""

    store: Store
    known: list[bool]

    @override
    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        given = json.dumps(dict(request_data.parameters)) if request_data else ""
        for token in re.findall(r"start=([\w-]{32})", given):
            hashed = enrol.token_hash(token)
            self.known.append(self.store.invites.one("token_hash", hashed) is not None)
        return await super().do_request(url, method, request_data)


async def test_hash_of_a_token_is_committed_before_the_token_is_on_the_wire() -> None:
    recorder = Watching()
    async with chatting(recorder=recorder) as chat:
        recorder.store, recorder.known = chat.desk.store, []
        forget_account(chat, "李明")
        await card(chat)
        await chat.press("林峰", "开通链接")
        assert recorder.known == [True]


async def test_token_is_in_no_file_of_the_store_and_in_no_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    async with chatting(store=Store.open(tmp_path / "store"), paced=True) as chat:
        for name in ("李明", "王小雨"):
            forget_account(chat, name)
        await card(chat)
        await chat.press("林峰", "开通链接")
        await everybody(chat)
        found = [*tokens(chat), *in_sheet(chat).values()]
        assert len(found) >= 2
        on_disk = b"".join(one.read_bytes() for one in tmp_path.rglob("*") if one.is_file())
        said = [record.getMessage() for record in caplog.records if record.name[:3] == "bot"]
        for token in found:
            assert token.encode() not in on_disk
            assert token not in "\n".join(said)
        chat.desk.store.close()


async def test_link_whose_arrival_nobody_knows_is_replaced_by_the_second_copy() -> None:
    line = Line()
    async with chatting(recorder=line) as chat:
        forget_account(chat, "李明")
        await card(chat)
        line.faults.extend([passing, passing, answer_lost])  # the press and the note pass
        await chat.press("林峰", "开通链接")
        (first,) = tokens(chat)
        chat.clock.move_to(chat.clock.now() + timedelta(minutes=2))
        await chat.app.outbox.drain()
        first_again, second = tokens(chat)
        assert first_again == first != second
        assert "前一条里的链接已作废，以这一条为准。" in chat.in_chat("林峰")[-1].text
        assert await chat.say(PHONES[0], f"/start {first}") == [DEAD]
        assert await chat.say(PHONES[0], f"/start {second}") != [DEAD]
        assert len([one for one in chat.desk.store.invites if one.revoked is None]) == 1


async def passing(call: Any) -> Any:
    return await call()


async def test_link_that_surely_did_not_arrive_is_made_anew_without_a_trace_of_the_first() -> None:
    line = Line()
    async with chatting(recorder=line) as chat:
        forget_account(chat, "李明")
        await card(chat)
        line.faults.extend([passing, passing, unplugged])
        await chat.press("林峰", "开通链接")
        await chat.app.outbox.drain()
        (token,) = tokens(chat)
        assert "前一条" not in chat.in_chat("林峰")[-1].text
        assert len(chat.desk.store.invites) == 1
        assert await chat.say(PHONES[0], f"/start {token}") != [DEAD]


async def test_bot_killed_between_the_commit_and_the_wire_leaves_no_secret_behind() -> None:
    async with chatting() as chat:
        forget_account(chat, "李明")
        await card(chat)
        await chat.press("林峰", "开通链接")
        (first,) = tokens(chat)
        store = chat.desk.store
        (row,) = [one for one in store.outbox if one.kind == "invite_card"]
        with store.transaction():  # as a kill on the wire leaves it
            store.outbox.put(replace(row, state=RowState.SENDING, sent=None, message=None))
        await chat.app.outbox.drain()
        chat.clock.move_to(chat.clock.now() + timedelta(minutes=2))
        await chat.app.outbox.drain()
        second = tokens(chat)[-1]
        assert second != first
        assert await chat.say(PHONES[0], f"/start {first}") == [DEAD]
        assert await chat.say(PHONES[0], f"/start {second}") != [DEAD]


async def test_link_of_a_message_that_waited_too_long_is_never_made() -> None:
    line = Line()
    async with chatting(recorder=line) as chat:
        forget_account(chat, "李明")
        await card(chat)
        line.always = unplugged
        await chat.app.inbox.sweep(chat.app.telegram.process_update, chat.app.telegram.bot)
        shown = chat.in_chat("林峰")[-1]
        await press_only(chat, "林峰", shown, "开通链接")
        chat.clock.move_to(chat.clock.now() + timedelta(hours=73))
        line.always = None
        await chat.app.outbox.drain()
        assert tokens(chat) == []


async def press_only(chat: Chat, who: str, shown: Shown, label: str) -> None:
    """Press, and let nothing leave."""
    update = {
        "update_id": 990_001 + len(chat.desk.store.inbox),
        "callback_query": {
            "id": "q",
            "from": {"id": chat.cast.telegram[who], "is_bot": False, "first_name": "某"},
            "chat_instance": "1",
            "message": {
                "message_id": shown.id,
                "date": 1,
                "chat": {"id": shown.chat, "type": "private"},
                "text": shown.text,
            },
            "data": shown.buttons[label],
        },
    }
    chat.app.inbox.take([update])
    await chat.app.inbox.sweep(chat.app.telegram.process_update, chat.app.telegram.bot)


async def not_enrolled(chat: Chat, who: str = "林峰") -> Shown:
    await chat.say(who, "/status")
    await chat.press(who, "未开通")
    return chat.in_chat(who)[-1]


async def everybody(chat: Chat, who: str = "林峰") -> None:
    await not_enrolled(chat, who)
    await chat.press(who, "全部重发")
    if "重发" in chat.in_chat(who)[-1].buttons:
        await chat.press(who, "重发")


def in_sheet(chat: Chat, who: str = "林峰") -> dict[str, str]:
    """The tokens of the last file, by name."""
    file = [one for one in chat.in_chat(who) if one.file is not None][-1]
    book = openpyxl.load_workbook(io.BytesIO(file.content))
    rows = [row for sheet in book for row in sheet.iter_rows(min_row=2, values_only=True)]
    return {str(row[0]): str(row[1]).partition("start=")[2] for row in rows}


async def test_whole_branch_gets_new_links_in_one_file_that_can_be_handed_round() -> None:
    async with chatting(paced=True) as chat:
        for name in ("李明", "王小雨", "陈静"):
            forget_account(chat, name)
        await everybody(chat)
        assert chat.in_chat("林峰")[-2].text == "1个文件已发出。"
        file = chat.in_chat("林峰")[-1]
        assert file.file == "本科生第一党支部开通链接.xlsx"
        assert file.text == (
            "本科生第一党支部还没有开通的3人，每人一行：链接、转发文字和二维码。"
            "每个链接只能本人用一次，有效至9月18日（周五）10:00；以前发的链接已作废。"
        )
        held = in_sheet(chat)
        assert sorted(held) == sorted(["李明", "王小雨", "陈静"])
        for (name, token), phone in zip(held.items(), PHONES, strict=True):
            await enrol_with(chat, token, factor(student(chat, name)), phone)
            assert account(chat, student(chat, name)) is not None
        book = openpyxl.load_workbook(io.BytesIO(file.content))
        words = repr([[cell.value for row in sheet for cell in row] for sheet in book])
        assert not [one.number for one in chat.desk.store.people if one.number in words]


async def test_undo_after_links_were_given_out_takes_nothing_older_back() -> None:
    async with chatting(paced=True) as chat:
        for name in ("李明", "王小雨"):
            forget_account(chat, name)
        await card(chat, "赵一")
        await chat.press("林峰", "暂停")
        await chat.press("林峰", "休学")
        await chat.say("林峰", "10月31日")
        await everybody(chat)
        chat.news("林峰")
        (said,) = await chat.say("林峰", "/undo")
        assert said == (
            "发出或作废的开通链接、换过的账号不能撤销。不要用的链接，请发 /assign 加姓名，"
            "再点“作废链接”。更早的登记，请点那条消息下的“撤销”。"
        )
        assert len(chat.desk.store.pauses) == 1


async def test_before_running_links_die_the_secretary_is_asked_once() -> None:
    async with chatting(paced=True) as chat:
        for name in ("李明", "王小雨"):
            forget_account(chat, name)
        await card(chat)
        await chat.press("林峰", "开通链接")
        (held,) = tokens(chat)
        await not_enrolled(chat)
        chat.news("林峰")
        await chat.press("林峰", "全部重发")
        assert chat.news("林峰") == [
            "本科生第一党支部名册上还没有开通的有2人（不含其他支部的导师），其中1人手里的链接还能用，重发后这些链接作废。"
            "确认重发请点下面的按钮；不重发不用回复。"
        ]
        assert len(chat.desk.store.invites) == 1
        await chat.press("林峰", "重发")
        assert await chat.say(PHONES[0], f"/start {held}") == [DEAD]
        assert await chat.say(PHONES[0], f"/start {in_sheet(chat)['李明']}") != [DEAD]


async def test_office_sends_links_of_a_branch_it_has_chosen() -> None:
    async with chatting(paced=True) as chat:
        forget_account(chat, "冯四")
        await chat.say("何主任", "/status")
        await chat.press("何主任", "未开通")
        await chat.press("何主任", "本科生第二党支部 1人")
        await chat.press("何主任", "全部重发")
        assert list(in_sheet(chat, "何主任")) == ["冯四"]


async def test_branch_in_which_everybody_has_enrolled_meanwhile_gets_no_file() -> None:
    async with chatting() as chat:
        forget_account(chat, "李明")
        shown = await not_enrolled(chat)
        with chat.desk.store.transaction():
            token = enrol.issue(chat.desk, [student(chat)])[0][1]
        await enrol_with(chat, token, factor(student(chat)))
        note = await chat.press("林峰", "全部重发", on=shown)
        assert "人人都已开通" in (note or chat.news("林峰")[-1])


async def test_links_revoked_before_the_file_leaves_are_not_in_it_nor_is_an_empty_file_sent() -> (
    None
):
    async with chatting(paced=True) as chat:
        for name in ("李明", "王小雨"):
            forget_account(chat, name)
        shown = await not_enrolled(chat)
        for revoked, left in ((["李明"], ["王小雨"]), (["李明", "王小雨"], [])):
            await press_only(chat, "林峰", shown, "全部重发")
            held = {one.person: one for one in chat.desk.store.invites if one.revoked is None}
            with chat.desk.store.transaction():
                for name in revoked:  # the purge, or a link of the command line
                    chat.desk.store.invites.remove(held[student(chat, name).id].id)
            seen = len(chat.files("林峰"))
            await chat.app.outbox.drain()
            assert [list(in_sheet(chat)) for _ in chat.files("林峰")[seen:]] == (
                [left] if left else []
            )
            with chat.desk.store.transaction():
                for one in list(chat.desk.store.invites):
                    chat.desk.store.invites.remove(one.id)


async def test_a_purged_link_reads_as_dead_once_another_is_made() -> None:
    async with chatting() as chat:
        forget_account(chat, "李明")
        shown = await card(chat)
        await chat.press("林峰", "开通链接", on=shown)
        with chat.desk.store.transaction():
            for one in list(chat.desk.store.invites):
                chat.desk.store.invites.remove(one.id)
        await chat.press("林峰", "开通链接", on=shown)
        assert len(tokens(chat)) == 1
        assert len([one for one in chat.in_chat("林峰") if "用过或作废" in one.text]) == 1


async def test_name_that_looks_like_a_formula_or_a_tag_stays_a_name() -> None:
    async with chatting(paced=True) as chat:
        newcomer(chat, name="=1+1<b>𠮷")
        await everybody(chat)
        assert "=1+1<b>𠮷" in in_sheet(chat)


def test_secret_is_not_in_what_a_debugger_prints() -> None:
    assert "SECRET" not in repr(Code("SECRET"))
