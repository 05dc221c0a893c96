"""Where every student stands, kept while records change: a look costs what changed since the last.

Totals, and what the tick asks every 20 seconds, would else go through all students each time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from heapq import heapify, heappop, heappush

from bot import college
from bot.desk import Desk
from bot.rules.audience import claim_moment
from bot.rules.dated import Dated
from bot.rules.moments import next_moment
from bot.rules.progress import is_counted
from bot.rules.situation import Situation, StudentFacts, Timing
from bot.rules.term import Quiet
from bot.situation import dated_of, facts_of, of_round, timing
from storage.records import (
    Account,
    Branch,
    BranchId,
    Calendar,
    Exemption,
    Form,
    FormState,
    Introduction,
    Kind,
    Obstacle,
    Opinion,
    Pairing,
    Pause,
    Person,
    PersonId,
    Progress,
    Talk,
    TalkState,
    Term,
    TermId,
)

# An Enum goes through its members by name each time, which costs more than the totals themselves.
TALK_STATES, FORM_STATES = tuple(TalkState), tuple(FormState)


@dataclass(frozen=True, slots=True)
class _Standing:
    """One student as last looked at. ``facts`` None: there is no round yet."""

    branch: BranchId
    number: str
    talk: TalkState
    form: FormState
    enrolled: bool
    facts: StudentFacts | None = None
    dated: tuple[Dated, ...] = ()
    moments: frozenset[datetime] = frozenset()  # at which something of the student's own is due


@dataclass(frozen=True, slots=True)
class _Base:
    """What all standings hang on: once it differs, every student is looked at anew.

    Pairings begin and end with the day, so each day begins with such a look.
    """

    loads: int
    term: tuple[TermId, date] | None  # and its Monday
    today: date
    calendar: Calendar
    quiet: Quiet


class Standings:
    """The standings of a desk's students, by `standings`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._base: _Base | None = None
        self._round: tuple[Term, Timing] | None = None
        self._stale: set[PersonId] = set()
        self._standing: dict[PersonId, _Standing] = {}
        self._totals: defaultdict[BranchId, Counter[str]] = defaultdict(Counter)
        self._agenda: list[tuple[datetime, PersonId]] = []  # a heap; what is no more is skipped
        self._passed: datetime | None = None  # what is not later has been taken from the agenda
        self._watch()

    # What changed: whom a record concerns. Where a rule comes to look at more, it is added here.

    def _watch(self) -> None:
        store = self._desk.store
        store.people.watch(self._person_changed)
        store.branches.watch(self._branch_changed)
        store.accounts.watch(self._account_changed)
        store.pairings.watch(self._of_student)
        store.forms.watch(self._of_student)
        store.obstacles.watch(self._of_student)
        store.pauses.watch(self._of_student)
        store.exemptions.watch(self._of_student)
        store.introductions.watch(self._of_student)
        store.talks.watch(self._of_pairing)
        store.opinions.watch(self._of_pairing)

    def _person_changed(self, old: Person | None, new: Person | None) -> None:
        store = self._desk.store
        for one in (old, new):
            if one is None:
                continue
            self._stale.add(one.id)
            self._stale.update(each.student for each in store.pairings.where("mentor", one.id))
            if one.duties and not (old and new and _works_alike(old, new)):
                self._stale.update(each.id for each in store.people.where("branch", one.branch))

    def _branch_changed(self, old: Branch | None, new: Branch | None) -> None:
        if not (old and new and (old.kind, old.paired) == (new.kind, new.paired)):
            self._base = None

    def _account_changed(self, old: Account | None, new: Account | None) -> None:
        self._stale.update(one.person for one in (old, new) if one)

    def _of_student(
        self,
        old: Pairing | Form | Obstacle | Pause | Exemption | Introduction | None,
        new: Pairing | Form | Obstacle | Pause | Exemption | Introduction | None,
    ) -> None:
        self._stale.update(one.student for one in (old, new) if one)

    def _of_pairing(self, old: Talk | Opinion | None, new: Talk | Opinion | None) -> None:
        pairings = self._desk.store.pairings
        found = (pairings.get(one.pairing) for one in (old, new) if one)
        self._stale.update(pairing.student for pairing in found if pairing)

    # What they come to.

    def progress(self, branch: BranchId) -> Progress:
        """Return a branch's totals; before the first round everything is none."""
        told = self._totals[branch]
        return Progress(
            branch=branch,
            students=told["students"],
            talk={state: told.get(state, 0) for state in TALK_STATES},
            form={state: told.get(state, 0) for state in FORM_STATES},
            not_enrolled=told["not_enrolled"],
        )

    def situation(self) -> Situation:
        """Return the round of all students, as `bot.situation.situation` would. LookupError: no round."""
        if self._round is None:
            raise LookupError("no round")
        term, clock = self._round
        store = self._desk.store
        ours = [
            one
            for one in self._standing.values()
            if store.branches[one.branch].kind is Kind.STUDENT
        ]
        ours.sort(key=lambda one: (one.branch, one.number))
        return of_round(
            self._desk,
            term,
            clock,
            tuple(one.facts for one in ours if one.facts),
            tuple(each for one in ours for each in one.dated),
        )

    def coming(self, after: datetime) -> datetime | None:
        """Return the first moment after that one at which anything can become due; None: never."""
        if self._round is None:
            return None
        if self._passed is not None and after < self._passed:  # the clock has been set back
            self._agenda = [(at, id) for id, one in self._standing.items() for at in one.moments]
            heapify(self._agenda)
        self._passed = after
        while self._agenda and not self._is_to_come(*self._agenda[0], after):
            heappop(self._agenda)
        own = [self._agenda[0][0]] if self._agenda else []
        slot = next_moment(self._round[1], after)
        return min([*own, *([slot] if slot else [])], default=None)

    def _is_to_come(self, at: datetime, id: PersonId, after: datetime) -> bool:
        standing = self._standing.get(id)
        return at > after and standing is not None and at in standing.moments

    # Keeping up.

    def keep_up(self) -> None:
        """Look again at whom something has changed about."""
        desk = self._desk
        term = desk.term()
        base = _Base(
            desk.store.loads,
            None if term is None else (term.id, term.week1),
            desk.today(),
            desk.calendar,
            desk.quiet,
        )
        if base != self._base:
            self._base = base
            self._round = None if term is None else (term, timing(desk, term))
            self._standing.clear()
            self._totals.clear()
            self._agenda, self._passed = [], None
            self._stale = {one.id for one in desk.store.people}
        for id in self._stale:
            self._look_at(id)
        self._stale.clear()

    def _look_at(self, id: PersonId) -> None:
        old = self._standing.pop(id, None)
        person = self._desk.store.people.get(id)
        new = self._standing_of(person) if person is not None and is_counted(person) else None
        if new is not None:
            self._standing[id] = new
            for at in new.moments - (old.moments if old else frozenset()):
                heappush(self._agenda, (at, id))
        for standing, sign in ((old, -1), (new, 1)):
            if standing is not None:
                told = self._totals[standing.branch]
                for what in ("students", standing.talk, standing.form):
                    told[what] += sign
                told["not_enrolled"] += 0 if standing.enrolled else sign

    def _standing_of(self, person: Person) -> _Standing:
        desk, today = self._desk, self._desk.today()
        enrolled = college.is_enrolled(desk.store, person.id)
        if self._round is None:
            nothing = (TalkState.NONE, FormState.NOT_HANDED_OUT)
            return _Standing(person.branch, person.number, *nothing, enrolled)
        term, clock = self._round
        facts = facts_of(desk, term, clock, person, max(today, clock.windows.week1))
        dated = tuple(dated_of(desk, term, clock, person, facts))
        return _Standing(
            person.branch,
            person.number,
            college.student_state(desk, person, term, today),
            facts.form,
            enrolled,
            facts,
            dated,
            frozenset(
                [*(claim_moment(claim, clock) for claim in facts.claims), *(o.at for o in dated)]
            ),
        )


def standings(desk: Desk) -> Standings:
    """Return the standings of the desk's students as of now."""
    if not isinstance(desk.standings, Standings):
        desk.standings = Standings(desk)
    desk.standings.keep_up()
    return desk.standings


def progress_of(desk: Desk, branch: Branch) -> Progress:
    """Return a branch's totals; before the first round everything is none."""
    return standings(desk).progress(branch.id)


def _works_alike(one: Person, other: Person) -> bool:
    return (one.duties, one.branch, one.left) == (other.duties, other.branch, other.left)
