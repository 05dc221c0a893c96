"""What the tests of acting for others share: a student's card, and the way to a recorded talk."""

from __future__ import annotations

from dataclasses import replace

from storage.records import Form, Talk
from tests.support.chat import Chat

WHY = "郑老师不用手机聊天，已电话核对"


def asked_why(name: str, words: str) -> str:
    """Return the question for a reason: about whom, and what for."""
    like = {"代记": "老师不用 Telegram，已电话核对", "作废": "登记到了别的同学名下"}
    said = next((why for of, why in like.items() if of in words), "日期记错，已与本人核对")
    return (
        f"{name}，{words}：请直接回复原因，2 到 60 字，例如“{said}”。"
        "原因留在记录里，只有支部书记和学院能看到。"
    )


async def card(chat: Chat, name: str, who: str = "林峰") -> set[str]:
    """Open the card of that student; return the buttons of both its sides."""
    await chat.say(who, f"/assign {name}")
    chat.news(who)
    return await both_sides(chat, who)


async def both_sides(chat: Chat, who: str = "林峰") -> set[str]:
    """Return the buttons of the latest message, those behind 办理 too."""
    shown = chat.in_chat(who)[-1]
    return {*shown.buttons, *await chat.behind(who, shown)}


async def record_talk(chat: Chat, name: str, day: str = "今天", why: str = WHY) -> list[str]:
    """代记谈话 of somebody with one mentor; return what the secretary reads at the end."""
    await card(chat, name)
    await chat.press("林峰", "代记谈话")
    await chat.press("林峰", day)
    chat.news("林峰")
    return await chat.say("林峰", why)


def never_enrolled(chat: Chat, name: str) -> None:
    """Take the person's account away, as if there had never been one."""
    store = chat.desk.store
    account = store.accounts.one("person", chat.cast[name].id)
    assert account is not None
    with store.transaction():
        store.accounts.remove(account.id)


def blocks_the_bot(chat: Chat, name: str) -> None:
    store = chat.desk.store
    account = store.accounts.one("person", chat.cast[name].id)
    assert account is not None
    with store.transaction():
        store.accounts.put(replace(account, reachable=False))


def talk_of(chat: Chat, name: str) -> Talk:
    """Return the only talk of that student."""
    store = chat.desk.store
    pairings = store.pairings.where("student", chat.cast[name].id)
    (found,) = [one for pairing in pairings for one in store.talks.where("pairing", pairing.id)]
    return found


def form_of(chat: Chat, name: str) -> Form:
    """Return the form of that student in the running round."""
    term = chat.desk.term()
    assert term is not None
    found = chat.desk.store.forms.one("student_term", (chat.cast[name].id, term.id))
    assert found is not None
    return found
