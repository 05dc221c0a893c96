"""Who reads a row, and the facts that every message may use; ids in a recipe become names here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from bot import college
from bot.desk import Desk
from bot.rules import names as name_rules
from bot.rules import term as term_rules
from bot.rules.situation import Timing
from bot.rules.surnames import surname
from bot.situation import timing
from messages.catalogue import Catalogue
from messages.facts import Named
from storage.records import (
    Branch,
    Decision,
    Duty,
    FormState,
    Kind,
    Pairing,
    Person,
    PersonId,
    Role,
    Row,
    Stage,
    TalkId,
    TalkState,
    Term,
    Windows,
    Wish,
)

ENUMS: dict[str, type[StrEnum]] = {
    "decision": Decision,
    "form_state": FormState,
    "state": TalkState,
    "role": Role,
    "from_stage": Stage,
    "to_stage": Stage,
    "wish": Wish,
}
DAYS = frozenset({"day", "since", "first", "last_day", "earlier"})
ONE_PERSON = frozenset({"student", "mentor", "proxy", "by"})
SEVERAL_PEOPLE = frozenset({"students", "mentors", "people", "told", "near", "not_enrolled"})


def named(desk: Desk, person: Person) -> Named:
    """Return the person as sentences name them (policy § 5.1), told apart from namesakes."""
    alike = [one for one in desk.store.people.where("name", person.name) if one.left is None]
    mark = name_rules.tell_apart(alike).get(person.id, "") if len(alike) > 1 else ""
    return Named(
        person.name, surname(person.name), _manner(person), mark=mark.removeprefix(person.name)
    )


def _manner(person: Person) -> Any:
    if person.kind is Kind.TEACHER:
        return "teacher"
    early = person.stage in {Stage.ACTIVIST, Stage.CANDIDATE}
    return "classmate" if early else "comrade"


@dataclass
class Reading:
    """One row, read by one person or group now. ``spoken_of``: whom it has named so far."""

    desk: Desk
    catalogue: Catalogue
    row: Row
    spoken_of: set[PersonId] = field(default_factory=set)

    @cached_property
    def person(self) -> Person | None:
        return None if self.row.to is None else self.desk.store.people.get(self.row.to)

    @cached_property
    def reader(self) -> Person:
        """The person; for messages that only people of the roster get."""
        if self.person is None:
            raise LookupError(f"row {self.row.id} has no reader")
        return self.person

    @cached_property
    def today(self) -> date:
        return self.desk.today()

    @cached_property
    def term(self) -> Term | None:
        return self.desk.term()

    @cached_property
    def windows(self) -> Windows | None:
        return self.desk.windows()

    @cached_property
    def timing(self) -> Timing:
        """When the slots of the running term fall."""
        return timing(self.desk, self.round)

    @cached_property
    def round(self) -> Term:
        """The running term; for messages that exist only inside one."""
        if self.term is None:
            raise LookupError("no term")
        return self.term

    @cached_property
    def charges(self) -> list[Pairing]:
        return college.charges(self.desk.store, self.reader, self.today) if self.person else []

    @cached_property
    def branch(self) -> Branch | None:
        """The student branch it is about: the reader's own, or that of a teacher's students."""
        store = self.desk.store
        if "branch_id" in self.row.args:
            return store.branches[self.row.args["branch_id"]]
        if self.person is None:
            return None
        own = store.branches[self.person.branch]
        if own.kind is Kind.STUDENT:
            return own
        students = [*self.row.about, *(pairing.student for pairing in self.charges)]
        return store.branches[store.people[students[0]].branch] if students else own

    def named(self, person: PersonId | int) -> Named:
        self.spoken_of.add(PersonId(person))
        return named(self.desk, self.desk.store.people[person])

    @property
    def names_others(self) -> bool:
        """Whether it names anybody but its reader and the reader's own mentors.

        Whom everybody may turn to, secretary and committee member, is not counted: see `base`.
        """
        if self.person is None:
            return False
        own = self.desk.store.pairings.where("student", self.person.id)
        return bool(self.spoken_of - {self.person.id, *(one.mentor for one in own)})

    def all_named(self, people: Iterable[PersonId | int]) -> list[Named]:
        return [self.named(one) for one in people]

    def listed(self, people: Iterable[PersonId | int]) -> list[Named]:
        """Return them as a list of the branch's people names them: whoever is away bears a mark."""
        return [self.in_list(one) for one in people]

    def in_list(self, person: PersonId | int) -> Named:
        """Return the person for a list, marked 暂停至 as long as the pause lasts."""
        called = self.named(person)
        pause = college.pause_on(self.desk.store, PersonId(person), self.today)
        if pause is None:
            return called
        last = f"{pause.until.month}月{pause.until.day}日"
        year = "" if pause.until.year == self.today.year else f"{pause.until.year}年"
        return replace(called, mark=f"{called.mark}（暂停至{year}{last}）")

    def base(self) -> dict[str, Any]:
        """Return the facts that any message may use."""
        facts: dict[str, Any] = {
            "today": self.today,
            "windows": self.windows,
            "link": self.desk.link(),
            "committee": None,
            "secretary": None,
            "half_year": True,
        }
        if self.term is not None:
            facts["term"] = self.term.name
            facts["week"] = term_rules.week_of(self.term.week1, self.today)
        if self.person is not None:
            facts["to"] = named(self.desk, self.person)
        if self.branch is not None:
            facts["branch"] = self.branch.name
            facts["committee"] = self._holder(Duty.COMMITTEE)
            facts["secretary"] = self._holder(Duty.SECRETARY)
        return facts | self.recipe()

    def _holder(self, duty: Duty) -> Named | None:
        if self.branch is None:
            return None
        found = college.holders(self.desk.store, duty, self.branch.id)
        return named(self.desk, found[0]) if found else None

    def recipe(self) -> dict[str, Any]:
        """Return the row's own facts: an argument's name tells what its value means."""
        facts = dict(map(self._resolved, self.row.args.items()))
        if "talk" in self.row.args:
            facts |= self.talk(self.row.args["talk"]) | {"proxy": facts.get("proxy")}
        return facts

    def _resolved(self, argument: tuple[str, Any]) -> tuple[str, Any]:
        name, value = argument
        if value is None:
            return name, None
        if name in ONE_PERSON:
            return name, self.named(value)
        if name in SEVERAL_PEOPLE and isinstance(value, list | tuple):
            return name, self.all_named(value)
        if name in DAYS:
            return name, date.fromisoformat(value)
        if name == "days":
            return name, [date.fromisoformat(one) for one in value]
        if name in ENUMS:
            return name, ENUMS[name](value)
        return name, value

    def talk(self, id: TalkId) -> dict[str, Any]:
        """Return what can be said of one talk."""
        talk = self.desk.store.talks[id]
        pairing = self.desk.store.pairings[talk.pairing]
        return {
            "day": talk.day,
            "student": self.named(pairing.student),
            "mentor": self.named(pairing.mentor),
            "told": college.is_enrolled(self.desk.store, pairing.student),
        }

    def state(self, student: PersonId) -> TalkState:
        """Return the one state under which the student counts in this round."""
        person = self.desk.store.people[student]
        return college.student_state(self.desk, person, self.round, self.today)

    def by_state(self, students: Iterable[PersonId]) -> Mapping[TalkState, list[Named]]:
        groups: dict[TalkState, list[Named]] = {state: [] for state in TalkState}
        for student in students:
            groups[self.state(student)].append(self.in_list(student))
        return groups
