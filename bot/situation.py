"""The round as the rules of reminding want to see it, read out of the store."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import cast

from typing_extensions import override

from bot import college
from bot import path as ways
from bot.desk import Desk
from bot.rules import cadence as cadence_rules
from bot.rules import dated, welcome
from bot.rules import pause as pause_rules
from bot.rules import term as term_rules
from bot.rules.dated import Dated
from bot.rules.situation import BranchFacts, Situation, StudentFacts, Timing, student_facts
from storage.records import Branch, Duty, Person, PersonId, Stage, Talk, Term
from storage.store import Store


def timing(desk: Desk, term: Term) -> Timing:
    """Return when the slots of that round fall."""
    return Timing(
        windows=term_rules.windows(term.week1, desk.calendar),
        calendar=desk.calendar,
        quiet=desk.quiet,
        cadence=cadence_rules.overridden(desk.settings.cadence),
    )


def situation(
    desk: Desk, term: Term, students: Iterable[Person] | None = None, *, on: date | None = None
) -> Situation:
    """Return the round as it stands; ``students``: only these, for asking again about one message.

    ``on`` decides which pairings are in force; before the term that is the Monday of week 1.
    """
    branches = college.student_branches(desk.store)
    clock = timing(desk, term)
    day = on or max(desk.today(), clock.windows.week1)
    asked = tuple(_everyone(desk, branches) if students is None else students)
    facts = tuple(facts_of(desk, term, clock, one, day) for one in asked)
    own = (dated_of(desk, term, clock, *each) for each in zip(asked, facts, strict=True))
    return of_round(desk, term, clock, facts, tuple(one for dated in own for one in dated))


def of_round(
    desk: Desk,
    term: Term,
    clock: Timing,
    students: tuple[StudentFacts, ...],
    dated: tuple[Dated, ...],
) -> Situation:
    """Return the situation of those students: with their branches, and who is enrolled at all."""
    concerned = sorted({one.branch for one in students})
    return Situation(
        term=term.id,
        timing=clock,
        students=students,
        branches=tuple(_branch(desk, desk.store.branches[one]) for one in concerned),
        office=tuple(one.id for one in desk.store.people.where("duty", Duty.OFFICE)),
        enrolled=Enrolled(desk.store),
        dated=dated,
    )


@dataclass(frozen=True, slots=True)
class Enrolled(Container[PersonId]):
    """Everyone with a live account, of any role."""

    store: Store

    @override
    def __contains__(self, person: object) -> bool:
        return bool(self.store.accounts.count("person", cast(PersonId, person)))


def _everyone(desk: Desk, branches: Iterable[Branch]) -> list[Person]:
    return [student for branch in branches for student in college.students(desk.store, branch.id)]


def facts_of(desk: Desk, term: Term, clock: Timing, person: Person, day: date) -> StudentFacts:
    """Return where the student stands; ``day`` decides which pairings are in force."""
    return student_facts(
        person,
        windows=clock.windows,
        on=day,
        pairings=college.open_pairings_of(desk.store, person),
        talks=college.talks_of(desk.store, person, term),
        form=college.form_of(desk.store, person.id, term),
        obstacles=desk.store.obstacles.where("student_term", (person.id, term.id)),
        exemptions=desk.store.exemptions.where("student_term", (person.id, term.id)),
        introduction_talks=_introduction_talks(desk, person),
        pauses=desk.store.pauses.where("student", person.id),
        with_each=college.owes_each(desk, person),
    )


def _introduction_talks(desk: Desk, person: Person) -> list[Talk]:
    path = ways.open_path(desk, person.id)
    return [one.talk for one in path.introducers if one.talk] if path else []


def dated_of(
    desk: Desk, term: Term, clock: Timing, person: Person, facts: StudentFacts
) -> Iterator[Dated]:
    """Return the open reminders about the student that hang on a day of their own, out of any pause."""
    yield from welcome.back_again(term.id, clock, facts)
    for one in _on_days_of_their_own(desk, person):
        moved = pause_rules.around(one, facts.pause, clock.calendar, clock.quiet)
        if moved is not None:
            yield moved


def _on_days_of_their_own(desk: Desk, person: Person) -> Iterator[Dated]:
    paired = college.open_pairings_of(desk.store, person)
    yield from dated.consent_unanswered(paired, desk.calendar, desk.quiet)
    path = ways.open_path(desk, person.id)
    if path is not None:
        secretaries = college.holders(desk.store, Duty.SECRETARY, person.branch)
        told = college.ids(secretaries)
        yield from dated.before_meeting(path, told, desk.calendar, desk.quiet)
    if person.stage is Stage.ACTIVIST:
        held = college.in_charge(desk.store, person, desk.today())
        contacts = [one.mentor for one in held if one.advised is None]
        yield from dated.year_over(person, contacts, desk.calendar, desk.quiet)
    if person.stage is Stage.PROBATIONARY:
        on = desk.today()
        mentors = [one.mentor for one in college.in_charge(desk.store, person, on)]
        months = ways.extension(desk, person.id)
        yield from dated.probation_ends(person, months, mentors, desk.calendar, desk.quiet)


def _branch(desk: Desk, branch: Branch) -> BranchFacts:
    return BranchFacts(
        id=branch.id,
        secretaries=college.ids(college.duty_holders(desk.store, Duty.SECRETARY, branch.id)),
        committee=college.ids(college.duty_holders(desk.store, Duty.COMMITTEE, branch.id)),
        group=branch.chat is not None,
    )
