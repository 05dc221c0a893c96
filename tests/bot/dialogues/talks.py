"""What the dialogues about talks share: the state of a talk, the newest message, pairings and namesakes."""

from __future__ import annotations

from dataclasses import replace

from storage.records import Account, Kind, Pairing, Person, Role, Stage, Talk, TalkState
from tests.support.chat import Chat, Shown

TODAY = "9月15日（周二）"  # the day on which `chatting` begins
FROM_THE_LIST = ("属实", "还没谈", "日期不对")


def talk(chat: Chat, student: str, mentor: str) -> Talk | None:
    """Return the talk of that pairing in the running round."""
    store, term = chat.desk.store, chat.desk.term()
    assert term is not None
    people = chat.cast[student].id, chat.cast[mentor].id
    pairing = next(one for one in store.pairings if (one.student, one.mentor) == people)
    return store.talks.one("pairing_term", (pairing.id, term.id))


def state(chat: Chat, student: str, mentor: str) -> tuple[TalkState, str]:
    """Return the talk's state and its day as ISO text."""
    found = talk(chat, student, mentor)
    if found is None:
        return TalkState.NONE, ""
    return found.state, found.day.isoformat() if found.day else ""


def last(chat: Chat, who: str) -> Shown:
    """Return the newest message as it stands."""
    return chat.in_chat(who)[-1]


async def claims(chat: Chat, student: str, words: str = "已谈") -> None:
    """Let a student claim; nobody has news afterwards."""
    await chat.say(student, words)
    quiet(chat)


def quiet(chat: Chat) -> None:
    """Let everybody have read everything."""
    for who in chat.cast.telegram:
        chat.news(who)


def joins(chat: Chat, name: str, mentor: str, **facts: str) -> Person:
    """Put another activist of 学一 under that mentor; ``facts`` are the person's."""
    store = chat.desk.store
    with store.transaction():
        person = store.people.add(
            replace(
                Person(
                    number=f"2025{len(store.people):05d}",
                    name=name,
                    branch=chat.cast.branches["学一"].id,
                    kind=Kind.STUDENT,
                    stage=Stage.ACTIVIST,
                ),
                **facts,  # type: ignore[arg-type]  # only text fields are given
            )
        )
        store.pairings.add(
            Pairing(student=person.id, mentor=chat.cast[mentor].id, role=Role.CONTACT)
        )
    return person


def opens_account(chat: Chat, name: str) -> None:
    """Give somebody of the cast without account one, as enrolling does, but silently."""
    with chat.desk.store.transaction():
        chat.desk.store.accounts.add(
            Account(
                person=chat.cast[name].id,
                telegram=chat.cast.telegram[name],
                since=chat.desk.now(),
            )
        )
