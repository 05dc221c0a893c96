"""The people of a rehearsal, out of whatever roster there is: their phones and their parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from bot import college
from bot.compose.reading import named
from bot.desk import Desk
from bot.rehearsal.botapi import Chat, Exchange, Message, World
from bot.rehearsal.casting import cast_mentors, cast_students
from bot.rehearsal.keepers import Keeper
from bot.rehearsal.mentors import Custom, Mentor
from bot.rehearsal.phone import Phone, Told
from bot.rehearsal.secretaries import Secretary
from bot.rehearsal.stage import Stage
from bot.rehearsal.students import Student
from bot.rules import talks as talk_rules
from storage.records import Branch, Duty, Kind, Person, PersonId

STRANGER, FIRST_ACCOUNT, FIRST_GROUP = 999, 1001, -2001


class Part(Protocol):
    """What a person does; one person may have several."""

    def reads(self, message: Message) -> None: ...


@dataclass(slots=True)
class Company:
    """Everybody, by who they are. ``names`` tells what a chat is called."""

    stage: Stage
    world: World
    told: Told
    names: dict[int, str]
    phones: dict[PersonId, Phone] = field(default_factory=dict)
    parts: defaultdict[int, list[Part]] = field(default_factory=lambda: defaultdict(list))
    mentors: dict[PersonId, Mentor] = field(default_factory=dict)
    students: dict[PersonId, Student] = field(default_factory=dict)
    keepers: list[Keeper] = field(default_factory=list)
    secretaries: dict[PersonId, Secretary] = field(default_factory=dict)
    office: list[PersonId] = field(default_factory=list)

    def hears(self, exchange: Exchange) -> None:
        """Let whoever sees a message in private react to it."""
        parts = self.parts.get(exchange.chat or 0, ())
        if parts and exchange.chat and exchange.message:
            message = self.world.chat(exchange.chat).messages[exchange.message]
            for part in parts:
                part.reads(message)

    def phone(self, telegram: int, owner: str) -> Phone:
        self.names[telegram] = owner
        if telegram not in self.world.users:
            self.world.add_user(telegram, owner)
        return Phone(self.world, telegram, owner, self.told)


def assemble(desk: Desk, stage: Stage, world: World, told: Told, names: dict[int, str]) -> Company:
    """Give everyone on the roster a phone and a part in the round."""
    company = Company(stage, world, told, names)
    people = sorted((one for one in desk.store.people if one.left is None), key=_number)
    for place, person in enumerate(people):
        _give_phone(desk, company, person, FIRST_ACCOUNT + place)
    for person in people:
        if college.charges(desk.store, person, stage.windows.talk_from):
            phone = company.phones[person.id]
            company.mentors[person.id] = Mentor(stage, phone, person, Custom.PROMPT)
    cast_mentors(stage.chance, _newcomers(desk, company))
    for branch in college.student_branches(desk.store):
        _branch(desk, company, branch)
    cast_students(stage, list(company.students.values()))
    company.office = [one.id for one in people if Duty.OFFICE in one.duties]
    for who, part in _played(company):
        company.parts[company.phones[who].telegram].append(part)
    return company


def _newcomers(desk: Desk, company: Company) -> list[Mentor]:
    """Mentors who have no account yet, teachers first: many students have nobody else."""
    enrolled, people = company.stage.ledger.enrolled, desk.store.people
    new = [one for one in company.mentors.values() if one.id not in enrolled]
    return sorted(new, key=lambda one: people[one.id].kind is not Kind.TEACHER)


def _number(person: Person) -> str:
    return person.number


def _give_phone(desk: Desk, company: Company, person: Person, telegram: int) -> None:
    """Whoever has an account already (a copy of the real store) has its chat open."""
    account = college.account_of(desk.store, person.id)
    owner = named(desk, person).label
    company.phones[person.id] = company.phone(account.telegram if account else telegram, owner)
    if account:
        user = company.world.users[account.telegram]
        chat = Chat(id=user.id, kind="private", user=user, bot_status="member")
        company.world.chats[user.id] = chat
        company.stage.ledger.enrolled.add(person.id)


def _branch(desk: Desk, company: Company, branch: Branch) -> None:
    stage, store = company.stage, desk.store
    keepers = college.holders(store, Duty.COMMITTEE, branch.id)
    if not keepers:
        return
    keeper = Keeper(stage, company.phones[keepers[0].id])
    company.keepers.append(keeper)
    secretary = _secretary(desk, company, branch)
    taking_part = [
        one
        for one in college.students(store, branch.id)
        if talk_rules.takes_part(one, stage.windows)
    ]
    for person in taking_part:
        label = named(desk, person).label
        keeper.students[person.id] = label
        student = _student(desk, company, person, keeper)
        for mentor in student.mentors:
            mentor.students[person.id] = label
        if secretary:
            student.group = secretary.group
            secretary.students[person.id] = student


def _student(desk: Desk, company: Company, person: Person, keeper: Keeper) -> Student:
    pairings = college.in_charge(desk.store, person, company.stage.windows.talk_from)
    mentors = [company.mentors[one.mentor] for one in pairings]
    student = Student(company.stage, company.phones[person.id], person, mentors, keeper)
    company.students[person.id] = student
    return student


def _secretary(desk: Desk, company: Company, branch: Branch) -> Secretary | None:
    """The branch's first secretary, and the group that the secretary has made for the branch."""
    holders = college.duty_holders(desk.store, Duty.SECRETARY, branch.id)
    if not holders:
        return None
    person, place = holders[0].id, len(company.secretaries)
    chat = branch.chat or FIRST_GROUP - place
    secretary = Secretary(company.stage, company.phones[person], chat)
    company.secretaries[person] = secretary
    members = [person, *(one.id for one in college.members(desk.store, branch.id))]
    world, phones = company.world, company.phones
    topics = () if branch.thread is None else (branch.thread,)
    accounts = [phones[one].telegram for one in members]
    world.add_group(chat, branch.name, accounts, supergroup=bool(topics), topics=topics)
    world.add_bot(chat, phones[person].telegram)
    company.names[chat] = f"{branch.name}群"
    return secretary


def _played(company: Company) -> Iterator[tuple[PersonId, Part]]:
    yield from company.mentors.items()
    yield from company.secretaries.items()
    yield from company.students.items()
