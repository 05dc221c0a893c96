"""打印登记表: the registration forms as Word files, from /forms or from under the progress workbook."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import docx

from storage.records import Form, FormKind, FormState, Kind, RowState, Term
from tests.support.chat import Shown, chatting
from tests.support.clock import at
from tests.support.word import lines

ACTIVISTS = "入党积极分子和发展对象培养考察登记表"


async def test_committee_member_gets_a_file_per_form_and_reads_how_far_it_is() -> None:
    async with chatting(paced=True) as chat:
        await chat.say("陈静", "/forms")
        await chat.press("陈静", "打印登记表")
        way = chat.in_chat("陈静")[1]
        assert way.text == "2个文件已发出。"
        first, second = chat.files("陈静")
        assert first.file == f"本科生第一党支部{ACTIVISTS}.docx"
        assert first.text == (
            f"本科生第一党支部《{ACTIVISTS}》4份，打开即可打印，每份从新的一张纸开始。"
            "学号和其他空着的栏目请本人手写。"
        )
        assert second.text.startswith("本科生第一党支部《预备党员考察登记表》1份")
        names = {"李明", "王小雨", "赵一", "钱二"}
        assert names <= set(lines(first.content))
        assert "孙三" in lines(second.content)


async def test_the_progress_message_is_edited_behind_each_file() -> None:
    async with chatting(paced=True) as chat:
        await chat.say("陈静", "/forms")
        await chat.press("陈静", "打印登记表")
        edits = [given["text"] for name, given in chat.recorder.calls if name == "editMessageText"]
        assert edits[-2:] == ["正在准备2个文件，已发出1个，请稍候。", "2个文件已发出。"]


async def test_office_gets_every_branch_from_under_the_workbook_and_no_number_with_it() -> None:
    async with chatting(paced=True) as chat:
        await chat.say("何主任", "/export")
        await chat.press("何主任", "打印登记表")
        assert [one.file for one in chat.files("何主任")[1:]] == [
            f"本科生第一党支部{ACTIVISTS}.docx",
            "本科生第一党支部预备党员考察登记表.docx",
            f"本科生第二党支部{ACTIVISTS}.docx",
        ]
        for file in chat.files("何主任")[1:]:
            text = "\n".join(lines(file.content))
            assert not [one for one in chat.desk.store.people if one.number in text]


async def test_form_names_mentors_and_the_confirmed_talk_of_this_round() -> None:
    async with chatting(paced=True) as chat:
        await chat.say("李明", "已谈 9月14日")
        await chat.press("周老师", "属实")
        await chat.say("王小雨", "已谈")
        await chat.say("陈静", "/forms")
        await chat.press("陈静", "打印登记表")
        text = lines(chat.files("陈静")[0].content)
        head = "期间：2026—2027学年第一学期  谈话日期："
        heads = [line for line in text if line.startswith(head)]
        assert [line.removeprefix(head).split("地点")[0].strip() for line in heads] == [
            "2026年9月14日", "", "", "",
        ]  # fmt: skip
        assert {"周文", "吴静", "教工第一党支部"} <= set(text)


async def test_probationary_member_has_the_days_of_the_probation() -> None:
    async with chatting(paced=True) as chat:
        await chat.say("陈静", "/forms")
        await chat.press("陈静", "打印登记表")
        text = lines(chat.files("陈静")[1].content)
        assert "2026年3月2日至2027年3月1日" in text
        assert text.count("是") == 2


async def test_earlier_rounds_on_the_same_form_come_first() -> None:
    async with chatting(term=False, paced=True) as chat:
        store, student = chat.desk.store, chat.cast["李明"]
        with store.transaction():
            for name, week1 in (
                ("2025-2026-2", date(2026, 3, 2)),
                ("2026-2027-1", date(2026, 9, 7)),
            ):
                term = store.terms.add(Term(name=name, week1=week1, opened=chat.desk.now()))
                if week1.month == 3:
                    state, kind = FormState.ARCHIVED, FormKind.ACTIVIST
                    store.forms.add(Form(student=student.id, term=term.id, kind=kind, state=state))
        await chat.say("陈静", "/forms")
        await chat.press("陈静", "打印登记表")
        periods = [
            line for line in lines(chat.files("陈静")[0].content) if line.startswith("期间：2")
        ]
        assert periods[0].startswith("期间：2025—2026学年第二学期")
        assert periods[2].startswith("期间：2026—2027学年第一学期")


async def test_second_press_while_files_are_on_the_way_sends_nothing_more() -> None:
    async with chatting(paced=True) as chat:
        await chat.say("陈静", "/forms")
        shown = chat.in_chat("陈静")[-1]
        telegram = chat.cast.telegram["陈静"]
        chat.app.inbox.take([pressed(shown, telegram, number) for number in (900, 901)])
        await chat.settle()
        assert len(chat.files("陈静")) == 2
        assert "文件正在准备，请稍候，不用再点。" in [text for _, text, _ in chat.recorder.pops]


def pressed(shown: Shown, telegram: int, number: int) -> dict[str, object]:
    return {
        "update_id": number,
        "callback_query": {
            "id": f"q{number}",
            "from": {"id": telegram, "is_bot": False, "first_name": "某"},
            "chat_instance": "1",
            "message": {
                "message_id": shown.id,
                "date": 1,
                "chat": {"id": telegram, "type": "private"},
                "text": shown.text,
            },
            "data": shown.buttons["打印登记表"],
        },
    }


async def test_the_offices_template_is_used_and_a_broken_one_is_said(tmp_path: Path) -> None:
    async with chatting(at(2026, 9, 15, 10), paced=True) as chat:
        chat.desk.templates = tmp_path
        own = docx.Document()
        own.add_paragraph("学院的表：{{姓名}}")
        own.save(str(tmp_path / f"{ACTIVISTS}.docx"))
        await chat.say("陈静", "/forms")
        await chat.press("陈静", "打印登记表")
        assert "学院的表：李明" in lines(chat.files("陈静")[0].content)
        (tmp_path / f"{ACTIVISTS}.docx").write_bytes(b"broken while the bot runs")
        shown = next(one for one in chat.in_chat("陈静") if "打印登记表" in one.buttons)
        chat.app.inbox.take([pressed(shown, chat.cast.telegram["陈静"], 950)])
        await chat.app.inbox.sweep(chat.app.telegram.process_update, chat.app.telegram.bot)
        await chat.app.outbox.drain()
        assert chat.in_chat("陈静")[-2].text == (
            "1个文件已发出。\n没有做成的1个。请稍后再发一次命令；仍不成，请告诉学院党委办公室。"
        )
        dead = chat.desk.store.outbox.where("state", RowState.DEAD)
        assert [str(row.reason).split(":")[0] for row in dead] == ["not made"]


async def test_branch_without_students_has_nothing_to_print_and_nothing_is_sent() -> None:
    async with chatting(paced=True) as chat:
        with chat.desk.store.transaction():
            gone = replace(chat.cast["冯四"], left=date(2026, 9, 1))
            chat.desk.store.people.put(gone)
        await chat.say("韩书记", "/forms")
        chat.news("韩书记")
        await chat.press("韩书记", "打印登记表")
        assert chat.news("韩书记") == [
            "没有可以导出的学生。如果花名册有误，请告诉学院党委办公室更正。"
        ]


async def test_office_without_student_branches_reads_that_there_is_nothing() -> None:
    async with chatting(paced=True) as chat:
        store = chat.desk.store
        with store.transaction():
            for branch in list(store.branches):
                store.branches.put(replace(branch, kind=Kind.TEACHER))
        assert await chat.say("何主任", "/export") == [
            "没有可以导出的学生。如果花名册有误，请告诉学院党委办公室更正。"
        ]
