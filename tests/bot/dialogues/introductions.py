"""What the dialogues about introductions share: candidates with two introducers, and the steps in short."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot import path as ways
from bot.rules.introduction import Path, missing
from storage.records import Introduction, Pairing, Role, Stage
from tests.bot.dialogues.talks import last
from tests.support.chat import Chat

INTRODUCERS = ("周老师", "吴老师")
SINCE = date(2026, 9, 1)


def becomes_candidate(chat: Chat, name: str, *mentors: str) -> None:
    """Make somebody of the cast a candidate with these introducers (周老师, 吴老师), silently."""
    store, person = chat.desk.store, chat.cast[name]
    with store.transaction():
        store.people.put(replace(person, stage=Stage.CANDIDATE, stage_since=SINCE))
        for pairing in store.pairings.where("open_student", person.id):
            store.pairings.put(replace(pairing, until=SINCE))
        for mentor in mentors or INTRODUCERS:
            store.pairings.add(
                Pairing(
                    student=person.id,
                    mentor=chat.cast[mentor].id,
                    role=Role.INTRODUCER,
                    since=SINCE,
                )
            )


def way(chat: Chat, name: str) -> Path:
    """Return the open way of that candidate."""
    found = ways.open_path(chat.desk, chat.cast[name].id)
    assert found is not None
    return found


def record(chat: Chat, name: str) -> Introduction:
    return way(chat, name).introduction


def lacking(chat: Chat, name: str) -> list[str]:
    return [str(part) for part in missing(way(chat, name))]


async def review_meeting(chat: Chat, *names: str) -> None:
    """The secretary records the 支部审查会议 of today for these candidates."""
    await chat.say("林峰", "/intro")
    await chat.press("林峰", "登记审查会议")
    for name in names:
        await chat.press("林峰", name, on=last(chat, "林峰"))
    await chat.press("林峰", "选好了")
    await chat.press("林峰", "今天")


async def meeting_on(chat: Chat, words: str, *names: str) -> None:
    """The secretary fixes the branch meeting for these candidates."""
    await chat.say("林峰", "/intro")
    await chat.press("林峰", "大会日期")
    for name in names:
        await chat.press("林峰", name, on=last(chat, "林峰"))
    await chat.press("林峰", "选好了")
    await chat.say("林峰", words)


async def talk_with(chat: Chat, name: str, mentor: str) -> None:
    """Both say that the introduction's talk took place today."""
    full = {"周老师": "周文老师", "吴老师": "吴静老师"}[mentor]
    await chat.say(name, f"与{full}谈过了")
    if "入党介绍" in last(chat, name).buttons:
        await chat.press(name, "入党介绍")
    label = "属实" if "属实" in last(chat, mentor).buttons else f"属实 {name}"
    await chat.press(mentor, label)


async def opinion_of(chat: Chat, mentor: str, name: str, attitude: str = "愿意") -> None:
    """The introducer has written, and says which attitude it takes."""
    await chat.say(mentor, "/intro")
    card = next(one for one in reversed(chat.in_chat(mentor)) if name in one.text)
    await chat.press(mentor, "意见已写", on=card)
    await chat.press(mentor, attitude, on=card)


async def reviewed(chat: Chat, name: str) -> None:
    """The secretary records that the branch found everything in order."""
    await chat.say("林峰", "/intro")
    await chat.press("林峰", name, on=last(chat, "林峰"))
    await chat.press("林峰", "审查通过")
    await chat.press("林峰", "今天")
