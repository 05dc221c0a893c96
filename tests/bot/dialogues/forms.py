"""What the dialogues about forms share: opening a list, who is ticked in it, a crowd of students."""

from __future__ import annotations

from storage.records import Kind, Person, Stage
from tests.support.chat import Chat, Shown

NOT_NAMES = {
    "全部已发",
    "收到日期",
    "已齐的全部归档",
    "导师已签",
    "意见已填",
    "缺导师签名",
    "全部已签",
    "全部已填",
    "下一页",
    "上一页",
}


async def open_list(chat: Chat, who: str, name: str) -> Shown:
    """/forms, then that list; it is the newest message afterwards."""
    await chat.say(who, "/forms")
    await chat.press(who, name)
    chat.news(who)
    return chat.in_chat(who)[-1]


def names(shown: Shown) -> list[str]:
    """Return the names on the list's buttons, ✓ included."""
    return [label for label in shown.buttons if not _is_other(label)]


def _is_other(label: str) -> bool:
    marks = "缺导师签名 " in label or "支部意见已填 " in label
    is_letter = len(label) == 1 and label.isascii()
    return label in NOT_NAMES or marks or is_letter or label.startswith("看全部")


def crowd(chat: Chat, count: int) -> list[str]:
    """Put that many more students, none enrolled, into 学一; return their names in the list's order."""
    store = chat.desk.store
    added = [f"同学{number:03d}" for number in range(1, count + 1)]
    with store.transaction():
        for number, name in enumerate(added):
            store.people.add(
                Person(
                    number=f"2025{number:04d}",
                    name=name,
                    branch=chat.cast.branches["学一"].id,
                    kind=Kind.STUDENT,
                    stage=Stage.ACTIVIST,
                )
            )
    return added
