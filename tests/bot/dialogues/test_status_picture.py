"""/status as a picture: who gets one, what stands under it, and what happens where there is none."""

from __future__ import annotations

from dataclasses import replace

from bot.delivery.easel import Drawable
from messages.drawing import png
from messages.picture import Picture, svg
from storage.records import Branch, BranchId, Kind, Person, PersonId, Stage, TalkState
from tests.support.chat import Chat, chatting
from tests.support.clock import at
from tests.support.line import Line, refusal


class Sketch:
    """Draws nothing but its facts; ``empty``: it has run out of paper."""

    def __init__(self) -> None:
        self.seen: list[Picture] = []
        self.empty = False

    async def __call__(self, picture: Drawable) -> bytes | None:
        assert isinstance(picture, Picture)
        self.seen.append(picture)
        return None if self.empty else picture.subtitle.encode()


async def test_office_reads_a_bar_per_branch_and_the_totals_under_the_picture() -> None:
    sketch = Sketch()
    async with chatting(draw=sketch) as chat:
        await chat.say("周老师", "/done 李明")
        (caption,) = await chat.say("何主任", "/status")
        (picture,) = sketch.seen
        assert chat.in_chat("何主任")[-1].picture is not None
        assert picture.title == "各支部进度"
        assert picture.subtitle == "半年考察（2026-2027-1）第2周　截至9月15日（周二）10:00"
        assert [bar.label for bar in picture.bars] == [
            "合计",
            "本科生第一党支部",
            "本科生第二党支部",
        ]
        assert [bar.students for bar in picture.bars] == [6, 5, 1]
        assert caption == (
            "半年考察（2026-2027-1）第2周，各支部合计\n"
            "本科生第一党支部：共5人，老师已确认1人，等老师确认0人，待核实0人，未谈4人；登记表已收0份\n"
            "本科生第二党支部：共1人，老师已确认0人，等老师确认0人，待核实0人，未谈1人；登记表已收0份\n"
            "全院：共6人，老师已确认1人，等老师确认0人，待核实0人，未谈5人；登记表已收0份"
        )


async def test_secretary_reads_the_own_branch_by_class_whoever_has_none_last() -> None:
    sketch = Sketch()
    async with chatting(draw=sketch) as chat:
        change(chat, "赵一", class_name="小教2302")
        change(chat, "孙三", class_name=None)
        (caption,) = await chat.say("林峰", "/status")
        (picture,) = sketch.seen
        assert picture.title == "本科生第一党支部"
        assert [(bar.label, bar.students) for bar in picture.bars] == [
            ("合计", 5),
            ("小教2302", 1),
            ("小教2401", 3),
            ("未填班级", 1),
        ]
        assert "谈话：老师已确认0人，等老师确认0人，待核实0人，未谈5人" in caption


async def test_one_class_alone_needs_no_total() -> None:
    sketch = Sketch()
    async with chatting(draw=sketch) as chat:
        await chat.say("林峰", "/status")
        assert [bar.label for bar in sketch.seen[0].bars] == ["小教2401"]


async def test_mentor_and_student_read_words() -> None:
    sketch = Sketch()
    async with chatting(draw=sketch) as chat:
        for who in ("周老师", "李明"):
            await chat.say(who, "/status")
            assert chat.in_chat(who)[-1].picture is None
        assert sketch.seen == []


async def test_group_reads_totals_as_words() -> None:
    sketch = Sketch()
    async with chatting(draw=sketch) as chat:
        await chat.say("林峰", "/link", chat=-100)
        (said,) = await chat.say("林峰", "/status", chat=-100)
        assert said.startswith("本科生第一党支部本学期谈话共5人")
        assert sketch.seen == []


async def test_where_nothing_can_be_drawn_the_same_goes_out_as_text() -> None:
    sketch = Sketch()
    async with chatting(draw=sketch) as chat:
        drawn = await chat.say("林峰", "/status")
        sketch.empty = True
        assert await chat.say("林峰", "/status") == drawn
        assert chat.in_chat("林峰")[-1].picture is None


async def test_a_picture_that_telegram_refuses_is_followed_by_the_text() -> None:
    line = Line()
    async with chatting(draw=Sketch(), recorder=line) as chat:
        line.faults.append(refusal(400, "Bad Request: IMAGE_PROCESS_FAILED"))
        (said,) = await chat.say("林峰", "/status")
        assert said.startswith("本科生第一党支部，半年考察")
        assert [name for name, _ in line.calls if name.startswith("send")] == ["sendMessage"]


async def test_a_second_copy_of_a_picture_is_marked() -> None:
    line = Line()
    async with chatting(draw=Sketch(), recorder=line) as chat:
        line.faults.append(refusal(500, "Internal Server Error"))
        await chat.say("林峰", "/status")
        chat.clock.move_to(at(2026, 9, 15, 10, 2))
        await chat.settle()
        assert chat.news("林峰")[0].startswith("（补发）本科生第一党支部")
        assert chat.in_chat("林峰")[-1].picture is not None


async def test_a_long_list_of_names_is_cut_to_what_a_caption_holds() -> None:
    sketch = Sketch()
    async with chatting(draw=sketch) as chat:
        students(chat, chat.cast.branches["学一"], 500)
        (caption,) = await chat.say("林峰", "/status")
        assert chat.in_chat("林峰")[-1].picture is not None
        assert "未谈505人" in caption
        assert "等505人" in caption
        assert len(caption) <= 1024


async def test_more_branches_than_one_picture_holds_are_paged_in_place() -> None:
    sketch = Sketch()
    async with chatting(draw=sketch) as chat:
        more_branches(chat, 11)
        (first,) = await chat.say("何主任", "/status")
        assert first.splitlines()[0].endswith("各支部合计（第1页，共2页）")
        assert len(sketch.seen[-1].bars) == 11
        assert "上一页" not in chat.in_chat("何主任")[-1].buttons
        before = chat.in_chat("何主任")[-1].picture
        chat.clock.move_to(at(2026, 9, 15, 10, 5))
        await chat.press("何主任", "下一页")
        (shown,) = chat.in_chat("何主任")
        assert shown.picture not in {None, before}
        assert [bar.label for bar in sketch.seen[-1].bars] == [
            "合计",
            "支部08",
            "支部09",
            "支部10",
        ]
        assert sketch.seen[-1].bars[0].students == 17
        assert shown.text.splitlines()[-1].startswith("全院：共17人")
        sketch.empty = True
        await chat.press("何主任", "上一页")
        (shown,) = chat.in_chat("何主任")
        assert shown.text == first
        assert shown.picture is not None


async def test_names_that_mean_something_to_html_go_out_as_they_are() -> None:
    async def draw(picture: Drawable) -> bytes:
        assert isinstance(picture, Picture)
        return png(svg(picture))

    async with chatting(draw=draw) as chat:
        branch = chat.cast.branches["学一"]
        with chat.desk.store.transaction():
            chat.desk.store.branches.put(replace(branch, name="研<b>&\u202e䶮𠮷支部"))
        (caption,) = await chat.say("林峰", "/status")
        assert caption.startswith("研<b>&\u202e䶮𠮷支部，半年考察")
        picture = chat.in_chat("林峰")[-1].picture
        assert picture is not None
        assert picture.startswith(b"\x89PNG")


async def test_branch_of_nobody_has_its_own_bar() -> None:
    sketch = Sketch()
    async with chatting(draw=sketch) as chat:
        change(chat, "冯四", left=chat.desk.today())
        await chat.say("何主任", "/status")
        assert sketch.seen[0].bars[-1].talk == dict.fromkeys(TalkState, 0)
        await chat.say("韩书记", "/status")
        assert [bar.students for bar in sketch.seen[-1].bars] == [0]


def change(chat: Chat, name: str, **changes: object) -> None:
    with chat.desk.store.transaction():
        chat.desk.store.people.put(replace(chat.cast[name], **changes))  # type: ignore[arg-type]  # names are checked by replace


def students(chat: Chat, branch: Branch, count: int) -> None:
    with chat.desk.store.transaction():
        for number in range(count):
            chat.desk.store.people.add(
                Person(
                    id=PersonId(0),
                    number=f"{branch.id}9{number:05d}",
                    name=f"学生{number:03d}",
                    branch=branch.id,
                    kind=Kind.STUDENT,
                    stage=Stage.ACTIVIST,
                )
            )


def more_branches(chat: Chat, count: int) -> None:
    """One student in each."""
    for number in range(count):
        with chat.desk.store.transaction():
            added = chat.desk.store.branches.add(
                Branch(id=BranchId(0), name=f"支部{number:02d}", kind=Kind.STUDENT)
            )
        students(chat, added, 1)
