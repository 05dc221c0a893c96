"""What a progress workbook tells of some branches, read out of the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot import college
from bot.compose.reading import named
from bot.desk import Desk
from bot.rules import term as term_rules
from bot.standings import progress_of
from messages.report import BranchSheet, MentorRow, Report, StudentRow
from storage.records import (
    Branch,
    FormState,
    Pairing,
    Person,
    PersonId,
    Talk,
    TalkState,
)

SAID = frozenset({TalkState.CLAIMED, TalkState.CONFIRMED})  # a disputed talk has no day yet


def report(desk: Desk, branches: Iterable[Branch], *, numbered: bool = False) -> Report:
    """Return the workbook's facts as of now; ``numbered`` only where it never crosses Telegram."""
    chosen = list(branches)
    sheets = tuple(_branch(desk, one, numbered=numbered) for one in chosen)
    term = desk.term()
    return Report(
        term=None if term is None else term.name,
        week=None if term is None else term_rules.week_of(term.week1, desk.today()),
        at=desk.now(),
        branches=sheets,
        mentors=tuple(_mentors(desk, chosen, numbered=numbered)),
        numbered=numbered,
    )


def _branch(desk: Desk, branch: Branch, *, numbered: bool) -> BranchSheet:
    people = college.students(desk.store, branch.id)
    return BranchSheet(
        name=branch.name,
        progress=progress_of(desk, branch),
        students=tuple(_student(desk, one, numbered=numbered) for one in people),
    )


def _student(desk: Desk, student: Person, *, numbered: bool) -> StudentRow:
    store, term, today = desk.store, desk.term(), desk.today()
    charge = college.in_charge(store, student, today)
    state = TalkState.NONE if term is None else college.student_state(desk, student, term, today)
    talks = [] if term is None else college.talks_of(store, student, term)
    said = _talked(talks, state)
    form = None if term is None else college.form_of(store, student.id, term)
    return StudentRow(
        name=named(desk, student).label,
        class_name=student.class_name,
        stage=student.stage,
        mentors=tuple(named(desk, store.people[one.mentor]).label for one in charge),
        state=state,
        talked=None if said is None else said.day,
        proxy=said is not None and said.proxy,
        form=FormState.NOT_HANDED_OUT if form is None else form.state,
        handed_out=None if form is None else form.handed_out,
        received=None if form is None else form.received,
        archived=None if form is None else form.archived,
        number=student.number if numbered else None,
    )


def _talked(talks: Iterable[Talk], state: TalkState) -> Talk | None:
    """Return the latest talk of the state under which the student counts; None: no day belongs to it."""
    dated = [(one.day, one.id, one) for one in talks if one.state is state and one.day is not None]
    return max(dated)[-1] if dated and state in SAID else None


def _mentors(desk: Desk, branches: Sequence[Branch], *, numbered: bool) -> Iterator[MentorRow]:
    """Yield who answers for a student of those branches, by branch and number."""
    held: dict[PersonId, list[Pairing]] = {}
    for branch in branches:
        for student in college.students(desk.store, branch.id):
            for pairing in college.in_charge(desk.store, student, desk.today()):
                held.setdefault(pairing.mentor, []).append(pairing)
    people = sorted(
        (desk.store.people[one] for one in held), key=lambda one: (one.branch, one.number)
    )
    for mentor in people:
        yield _mentor(desk, mentor, held[mentor.id], numbered=numbered)


def _mentor(desk: Desk, mentor: Person, held: list[Pairing], *, numbered: bool) -> MentorRow:
    store, term = desk.store, desk.term()
    talk = dict.fromkeys(TalkState, 0)
    for pairing in held:
        none = TalkState.NONE
        talk[none if term is None else college.talk_state(store, pairing, term)] += 1
    return MentorRow(
        name=named(desk, mentor).label,
        branch=store.branches[mentor.branch].name,
        load=college.load(store, mentor, desk.today()),
        talk=talk,
        students=tuple(named(desk, store.people[one.student]).label for one in held),
        number=mentor.number if numbered else None,
    )
