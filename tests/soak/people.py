"""Who lives in the town: students with one mentor each, and the keepers of their branches' forms."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from bot import college
from bot.actions import enrol, roster, term
from bot.desks import open_desk
from bot.rehearsal.botapi import Chat
from bot.rehearsal.college import sample
from bot.rehearsal.phone import Phone
from bot.settings import FILE
from storage.records import Account, Duty, Kind, Person, PersonId, Stage
from storage.store import Store
from tests.soak.town import Town

WEEK1 = date(2026, 9, 7)
FIRST_ACCOUNT = 5001
KEPT = 6  # forms that a keeper enters


@dataclass(slots=True)
class Member:
    """Somebody with a phone. ``token``: the own invite, where there is no account yet."""

    person: Person
    phone: Phone
    town: Town
    token: str | None = None

    @property
    def id(self) -> PersonId:
        return self.person.id

    @property
    def account(self) -> int:
        return self.phone.telegram

    def says(self, text: str, *, reply_to_button: str | None = None) -> int:
        """Write; the update's id."""
        answered = reply_to_button and self.phone.sees(reply_to_button)
        self.phone.says(text, reply_to=answered or None)
        return self._pushed()

    def opens(self) -> int:
        self.phone.opens(self.token or "")
        return self._pushed()

    def presses(self, label: str) -> int:
        """Press the newest button that begins so, which must be there; the update's id."""
        assert self.phone.presses(label), (label, self.person.name)
        return self._pushed()

    def _pushed(self) -> int:
        # The made-up Telegram numbers them from 1, and nobody else causes any.
        self.town.pushed += 1
        return self.town.pushed


@dataclass(frozen=True, slots=True)
class Pair:
    student: Member
    mentor: Member


@dataclass(frozen=True, slots=True)
class People:
    """``pairs``: each with a mentor of its own. ``keepers``: with the students of their branch here."""

    pairs: list[Pair]
    keepers: list[tuple[Member, list[Member]]]
    others: list[Member]


def settle(town: Town, pairs: int, *, newcomers: int = 0) -> People:
    """Put a college into the store, that many pairs of it with accounts, and a term.

    The students of the last ``newcomers`` pairs have an invite only.
    """
    (town.folder / FILE).write_text("invite_hours = 720\n", encoding="utf-8")
    with open_desk(town.folder, writing=True, clock=town.clock) as desk, desk.store.transaction():
        roster.apply(desk.store, sample(), [], at=desk.now(), remove_missing=False)
        term.set_week1(desk, WEEK1, None)
        met: dict[PersonId, Member] = {}

        def member(person: Person) -> Member:
            if person.id not in met:
                account = FIRST_ACCOUNT + len(met)
                town.world.add_user(account, "某")
                phone = Phone(town.world, account, person.name, lambda *_: None)
                met[person.id] = Member(person, phone, town)
            return met[person.id]

        found = [Pair(member(one), member(other)) for one, other in _plain(desk.store)[:pairs]]
        duties = {
            duty: [member(one) for one in desk.store.people if duty in one.duties]
            for duty in (Duty.COMMITTEE, Duty.SECRETARY, Duty.OFFICE)
        }
        new = [pair.student for pair in found[pairs - newcomers :]]
        for one in met.values():
            if one in new:
                ((_, one.token, _),) = enrol.issue(desk, [one.person])
            else:
                _enrol(desk.store, one)
        keepers = [
            (
                keeper,
                [p.student for p in found if p.student.person.branch == keeper.person.branch][
                    :KEPT
                ],
            )
            for keeper in duties[Duty.COMMITTEE]
        ]
        return People(found, keepers, [*duties[Duty.SECRETARY], *duties[Duty.OFFICE]])


def _plain(store: Store) -> list[tuple[Person, Person]]:
    """Activists of whom exactly one teacher is in charge, each another one, with names of their own."""
    names = Counter(person.name for person in store.people)
    found: dict[PersonId, tuple[Person, Person]] = {}
    for student in store.people:
        pairings = college.in_charge(store, student, WEEK1)
        if student.stage is not Stage.ACTIVIST or len(pairings) != 1 or names[student.name] > 1:
            continue
        mentor = store.people[pairings[0].mentor]
        if mentor.kind is Kind.TEACHER and mentor.id not in found:
            found[mentor.id] = (student, mentor)
    return list(found.values())


def _enrol(store: Store, member: Member) -> None:
    """As if it had been done in chat long ago."""
    world, account = member.town.world, member.account
    world.chats[account] = Chat(
        id=account, kind="private", user=world.users[account], bot_status="member"
    )
    since = member.town.clock.now()
    store.accounts.add(Account(person=member.id, telegram=account, since=since))
