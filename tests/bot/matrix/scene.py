"""A college in which everything can be pressed: three candidates, each with claims, a form, an obstacle,
a way to the meeting; somebody of each role; and a journal that tells what each update has changed."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from typing_extensions import override

from storage.journal import MemoryJournal
from storage.live import Changes
from storage.records import (
    Account,
    Arrangement,
    ArrangementKind,
    Button,
    Deed,
    Duty,
    Form,
    FormKind,
    FormState,
    Introduction,
    Kind,
    Obstacle,
    Opinion,
    Pairing,
    Person,
    PersonId,
    Request,
    Role,
    Row,
    RowId,
    RowState,
    Stage,
    Talk,
    TalkKind,
    TalkState,
    TermId,
    Wish,
)
from storage.store import Store
from tests.bot.matrix.spec import ANOTHERS, BRANCH_GROUP, OTHER_BRANCH, OTHER_GROUP, OWN, PRIVATE
from tests.support.chat import GROUP, Chat, chatting
from tests.support.clock import at

STRANGER = 7001
NAMES = {
    "revoked": "秦旧",
    "student": "李明",
    "mentor": "周老师",
    "committee": "陈静",
    "secretary": "林峰",
    "office": "何主任",
    "two at once": "方兼",
}
STUDENTS = {OWN: "李明", ANOTHERS: "钱二", OTHER_BRANCH: "冯四"}
CHATS = {BRANCH_GROUP: GROUP, OTHER_GROUP: -200}
TALKED = date(2026, 9, 14)
# What an answer leaves behind whatever was asked.
TRACES = frozenset({"inbox", "outbox", "denials", "failed_tries"})


class WatchedJournal(MemoryJournal):
    """Keeps what has changed since it was last asked, and can go back to a moment."""

    def __init__(self) -> None:
        super().__init__()
        self.changes: list[Changes] = []
        self._kept = 0

    @override
    def append(self, changes: Changes) -> int:
        self.changes.append(changes)
        return super().append(changes)

    def keep(self) -> None:
        """This is the moment to go back to."""
        self._kept = len(self.lines)

    def go_back(self) -> None:
        del self.lines[self._kept :]
        self._sequence = self._kept


@dataclass(slots=True)
class Effect:
    """What one update has changed: the tables of facts, what is said to whom, the deeds."""

    facts: set[str] = field(default_factory=set)
    said: list[tuple[int, str]] = field(default_factory=list)  # chat, kind
    deeds: list[dict[str, Any]] = field(default_factory=list)
    denied: bool = False


class Scene:
    """One such college, and the ways to ask it something."""

    def __init__(self, chat: Chat, journal: WatchedJournal) -> None:
        self.chat = chat
        self.store = chat.desk.store
        self.people: dict[str, Person] = dict(chat.cast.people)
        self.telegram = {"unknown": STRANGER}
        self._journal = journal
        self._numbers = itertools.count(1)
        self.pairings: dict[str, tuple[Pairing, Pairing]] = {}
        self.talks: dict[str, tuple[Talk, Talk]] = {}
        self.told: dict[str, Talk] = {}
        self.obstacles: dict[str, Obstacle] = {}
        self.claims: dict[str, Deed] = {}

    def settle(self) -> None:
        with self.store.transaction():
            self._add("方兼", 90, Duty.COMMITTEE)
            self._add("秦旧", 91, Duty.SECRETARY, left=date(2026, 9, 1))
            self._add_teacher("尤老师", 92)
            for role, name in NAMES.items():
                (account,) = self.store.accounts.where("person", self.people[name].id)
                self.telegram[role] = account.telegram
            day = date(2026, 9, 23)
            self.store.arrangements.add(
                Arrangement(kind=ArrangementKind.REST, first=day, last=day)
            )
            branch = self.store.branches[self.people["林峰"].branch]
            self.store.branches.put(replace(branch, chat=GROUP))
            for name, mentors in {
                "李明": ("周老师", "方兼"),
                "钱二": ("吴老师", "郑老师"),
                "冯四": ("尤老师", "郑老师"),
            }.items():
                self._on_the_way(name, mentors)
        self._journal.changes.clear()
        self._journal.keep()

    def _add(self, name: str, number: int, duty: Duty, left: date | None = None) -> None:
        person = self.store.people.add(
            Person(
                number=f"2020{number:04d}",
                name=name,
                branch=self.people["林峰"].branch,
                kind=Kind.STUDENT,
                stage=Stage.FULL,
                duties=(duty,),
                left=left,
            )
        )
        self.people[name] = person
        account = Account(person=person.id, telegram=8000 + number, since=self.chat.desk.now())
        self.store.accounts.add(account)

    def _add_teacher(self, name: str, number: int) -> None:
        """A mentor of the other branch alone."""
        branch, full = self.people["吴老师"].branch, Stage.FULL
        person = Person(
            number=f"T{number:04d}", name=name, branch=branch, kind=Kind.TEACHER, stage=full
        )
        self.people[name] = self.store.people.add(person)
        now = self.chat.desk.now()
        account = Account(person=self.people[name].id, telegram=8000 + number, since=now)
        self.store.accounts.add(account)

    def _on_the_way(self, name: str, mentors: tuple[str, str]) -> None:
        store, now = self.store, self.chat.desk.now()
        since = date(2026, 3, 2)
        student = store.people.put(
            replace(self.people[name], stage=Stage.CANDIDATE, stage_since=since)
        )
        self.people[name] = student
        for old in store.pairings.where("student", student.id):
            store.pairings.put(replace(old, until=since))
        way = store.introductions.add(
            Introduction(student=student.id, review=date(2026, 9, 8), meeting=date(2026, 9, 15))
        )
        pairings, talks = [], []
        for mentor in mentors:
            pairing = store.pairings.add(
                Pairing(
                    student=student.id,
                    mentor=self.people[mentor].id,
                    role=Role.INTRODUCER,
                    since=since,
                    asked=now,
                )
            )
            pairings.append(pairing)
            talks.append(self._talk(pairing, TermId(1), TalkKind.HALF_YEAR, TalkState.CLAIMED))
            told = self._talk(pairing, TermId(0), TalkKind.INTRODUCTION, TalkState.CONFIRMED)
            store.opinions.add(Opinion(introduction=way.id, pairing=pairing.id, recorded=now))
        self.pairings[name] = (pairings[0], pairings[1])
        self.talks[name] = (talks[0], talks[1])
        self.told[name] = told
        self.claims[name] = store.deeds.where("row", ("talks", talks[0].id))[0]
        form = Form(
            student=student.id,
            term=TermId(1),
            kind=FormKind.ACTIVIST,
            state=FormState.HANDED_OUT,
            handed_out=date(2026, 9, 8),
        )
        store.forms.add(form)
        wish = Request(person=student.id, wish=Wish.CORRECT, text="班级写错了", at=now)
        store.requests.add(wish)
        found = Obstacle(student=student.id, term=TermId(1), at=now)
        self.obstacles[name] = store.obstacles.add(found)

    def _talk(self, pairing: Pairing, term: TermId, kind: TalkKind, state: TalkState) -> Talk:
        by = pairing.student if state is TalkState.CLAIMED else pairing.mentor
        now = self.chat.desk.now()
        talk = self.store.talks.add(
            Talk(
                pairing=pairing.id,
                term=term,
                kind=kind,
                state=state,
                day=TALKED,
                recorded=now,
                by=by,
            )
        )
        what = "claim" if state is TalkState.CLAIMED else "done"
        noted = Deed(
            at=now, by=by, what=what, about=pairing.student, table="talks", row=int(talk.id)
        )
        written = self.store.deeds.add(noted)
        self.store.deeds.put(replace(written, batch=written.id))
        return talk

    def person(self, role: str) -> Person | None:
        return self.people[NAMES[role]] if role in NAMES else None

    def pairing(self, role: str, whose: str) -> Pairing:
        """Return the pairing of that student which is about the role's person, if one of both is."""
        first, second = self.pairings[STUDENTS[whose]]
        person = self.person(role)
        return second if person is not None and second.mentor == person.id else first

    def talk(self, role: str, whose: str) -> Talk:
        at_hand = self.pairing(role, whose).id
        return next(one for one in self.talks[STUDENTS[whose]] if one.pairing == at_hand)

    def student(self, whose: str) -> PersonId:
        return self.people[STUDENTS[whose]].id

    def button(
        self,
        role: str,
        action: str,
        args: dict[str, Any],
        row_kind: str,
        row_args: dict[str, Any],
        *,
        owner: PersonId | None = None,
        expires: int = 1,
        place: str = PRIVATE,
    ) -> str:
        """Put a button under a message of that person's, as if it had once been right.

        ``place``: where that message stands, as if one had ever got into a group.
        """
        token = f"b{next(self._numbers)}"
        person = self.person(role)
        to = owner or (person.id if person else None)
        now = self.chat.desk.now()
        with self.store.transaction():
            row = self.store.outbox.add(
                Row(
                    kind=row_kind,
                    chat=CHATS.get(place, self.telegram[role]),
                    to=to,
                    args=row_args,
                    due=now,
                    created=now,
                    sent=now,
                    state=RowState.SENT,
                    message=next(self._numbers),
                )
            )
            self.store.buttons.add(
                Button(
                    token=token,
                    row=RowId(row.id),
                    label="x",
                    action=action,
                    args=args,
                    person=to,
                    expires=now.replace(year=now.year + expires),
                )
            )
        return token

    async def press(self, role: str, token: str, place: str = PRIVATE) -> Effect:
        telegram, number = self.telegram[role], next(self._numbers)
        message = {"message_id": number, "date": 1, "chat": self._place(telegram, place)}
        body = {
            "id": str(number),
            "from": {"id": telegram, "is_bot": False, "first_name": "某"},
            "chat_instance": "1",
            "message": message,
            "data": token,
        }
        return await self._feed({"callback_query": body})

    async def say(self, role: str, text: str, place: str = PRIVATE) -> Effect:
        telegram = self.telegram[role]
        message: dict[str, Any] = {
            "message_id": next(self._numbers),
            "date": int(self.chat.desk.now().timestamp()),
            "chat": self._place(telegram, place),
            "from": {"id": telegram, "is_bot": False, "first_name": "某"},
            "text": text,
        }
        if text.startswith("/"):
            length = len(text.split()[0])
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return await self._feed({"message": message})

    def _place(self, telegram: int, place: str) -> dict[str, Any]:
        if place == PRIVATE:
            return {"id": telegram, "type": "private"}
        return {"id": CHATS[place], "type": "group", "title": "群"}

    async def _feed(self, body: dict[str, Any]) -> Effect:
        app = self.chat.app
        self._journal.changes.clear()
        app.inbox.take([{"update_id": next(self._numbers), **body}])
        await app.inbox.sweep(app.telegram.process_update, app.telegram.bot)
        assert app.inbox.failure is None, repr(app.inbox.failure)
        return self._effect()

    def _effect(self) -> Effect:
        found = Effect()
        for changes in self._journal.changes:
            found.facts |= changes.keys() - TRACES
            found.denied |= "denials" in changes
            found.deeds += [one for one in changes.get("deeds", {}).values() if one]
            for row in changes.get("outbox", {}).values():
                assert row is not None
                kind = row["args"].get("say") if row["kind"] == "pop" else row["kind"]
                if kind is not None and row["state"] == "pending":
                    found.said.append((row["chat"], kind))
        return found

    def stay(self) -> None:
        """What has happened until now belongs to the scene."""
        self._journal.keep()

    def go_back(self) -> None:
        """Undo whatever has happened since the scene was set."""
        self._journal.go_back()
        self.store.reopen()


@asynccontextmanager
async def a_college() -> AsyncIterator[Scene]:
    journal = WatchedJournal()
    async with chatting(at(2026, 9, 15, 10), store=Store(journal)) as chat:
        scene = Scene(chat, journal)
        scene.settle()
        yield scene
