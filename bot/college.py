"""Who is who: the look-ups that actions, messages and commands share. Each costs its answer, not a scan."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.desk import Desk
from bot.rules import pause as pause_rules
from bot.rules import progress as progress_rules
from bot.rules import talks as talk_rules
from storage.records import (
    Account,
    Branch,
    BranchId,
    Duty,
    Form,
    FormState,
    Kind,
    Obstacle,
    Pairing,
    Pause,
    Person,
    PersonId,
    Progress,
    Stage,
    Talk,
    TalkKind,
    TalkState,
    Term,
)
from storage.store import Store


def account_of(store: Store, person: PersonId) -> Account | None:
    """Return the person's live Telegram account, or None: not enrolled."""
    return store.accounts.one("person", person)


def is_enrolled(store: Store, person: PersonId) -> bool:
    return account_of(store, person) is not None


def person_at(store: Store, telegram: int) -> Person | None:
    """Return whose account that Telegram id is; None for strangers and those who have left."""
    account = store.accounts.one("telegram", telegram)
    person = None if account is None else store.people.get(account.person)
    return None if person is None or person.left is not None else person


def members(store: Store, branch: BranchId) -> list[Person]:
    """Return everyone of a branch who is still on the roster."""
    return [person for person in store.people.where("branch", branch) if person.left is None]


def students(store: Store, branch: BranchId) -> list[Person]:
    """Return the branch's students who count: 学生, not yet 正式党员, by number."""
    counted = filter(progress_rules.is_counted, members(store, branch))
    return sorted(counted, key=lambda student: student.number)


def student_branches(store: Store) -> list[Branch]:
    """Return the student branches in the order of the roster."""
    return sorted(
        (branch for branch in store.branches if branch.kind is Kind.STUDENT), key=lambda b: b.id
    )


def paired_with(store: Store, branch: Branch) -> list[Branch]:
    """Return the branches on the other side of the branch map, in the order of the roster (R8).

    Of a student branch its faculty branches, of a faculty branch the student branches.
    """
    if branch.kind is Kind.STUDENT:
        return [store.branches[one] for one in branch.paired]
    return [one for one in student_branches(store) if branch.id in one.paired]


def holders(store: Store, duty: Duty, branch: BranchId) -> list[Person]:
    """Return who holds a duty in a branch. A vacant 组织委员 falls to the secretary (A23)."""
    found = duty_holders(store, duty, branch)
    if not found and duty is Duty.COMMITTEE:
        return holders(store, Duty.SECRETARY, branch)
    return found


def duty_holders(store: Store, duty: Duty, branch: BranchId) -> list[Person]:
    """Return who the roster names for a duty in a branch; empty where it is vacant."""
    return store.people.where("branch_duty", (branch, duty))


def in_charge(store: Store, student: Person, on: date) -> tuple[Pairing, ...]:
    """Return the pairings whose mentors answer for the student now; mentors who left do not."""
    return talk_rules.mentors_in_charge(student, open_pairings_of(store, student), on)


def open_pairings_of(store: Store, student: Person) -> list[Pairing]:
    """Return the student's pairings that have not ended and whose mentor is still here."""
    return [
        pairing
        for pairing in store.pairings.where("open_student", student.id)
        if _is_here(store, pairing.mentor)
    ]


def charges(store: Store, mentor: Person, on: date) -> list[Pairing]:
    """Return the pairings in which the mentor answers for a student now, by the student's number."""
    found = []
    for pairing in store.pairings.where("open_mentor", mentor.id):
        student = store.people[pairing.student]
        if student.left is None and pairing in in_charge(store, student, on):
            found.append(pairing)
    return sorted(found, key=lambda pairing: store.people[pairing.student].number)


def load(store: Store, mentor: Person, on: date) -> int:
    """Return how many students the mentor answers for now."""
    return len({pairing.student for pairing in charges(store, mentor, on)})


def _is_here(store: Store, person: PersonId) -> bool:
    found = store.people.get(person)
    return found is not None and found.left is None


def talk_of(store: Store, pairing: Pairing, term: Term) -> Talk | None:
    """Return the pairing's half-year talk of that round; None: nothing ever said."""
    return store.talks.one("pairing_term", (pairing.id, term.id))


def talk_state(store: Store, pairing: Pairing, term: Term) -> TalkState:
    talk = talk_of(store, pairing, term)
    return TalkState.NONE if talk is None else talk.state


def talks_of(store: Store, student: Person, term: Term) -> list[Talk]:
    """Return every talk of the student in that round, former mentors' included."""
    found = (
        talk_of(store, pairing, term) for pairing in store.pairings.where("student", student.id)
    )
    return [talk for talk in found if talk is not None]


def student_state(desk: Desk, student: Person, term: Term, on: date) -> TalkState:
    """Return the one state under which the student counts (A11)."""
    mentors, talks = in_charge(desk.store, student, on), talks_of(desk.store, student, term)
    return talk_rules.state_in_round(mentors, talks, with_each=owes_each(desk, student))


def owes_each(desk: Desk, student: Person) -> bool:
    """Whether the office wants the half-year's talk with both introducers of the student (A11)."""
    return desk.settings.both_introducers and student.stage is Stage.PROBATIONARY


def all_talks_of(store: Store, student: Person) -> list[Talk]:
    """Return every half-year talk of the student, of all rounds and mentors."""
    return [
        talk
        for pairing in store.pairings.where("student", student.id)
        for talk in store.talks.where("pairing", pairing.id)
        if talk.kind is TalkKind.HALF_YEAR
    ]


def form_of(store: Store, student: PersonId, term: Term) -> Form | None:
    return store.forms.one("student_term", (student, term.id))


def form_state(store: Store, student: PersonId, term: Term) -> FormState:
    form = form_of(store, student, term)
    return FormState.NOT_HANDED_OUT if form is None else form.state


def open_obstacle(store: Store, student: PersonId, term: Term) -> Obstacle | None:
    """Return the student's 约不上老师 that nobody has answered yet."""
    return next(
        (
            one
            for one in store.obstacles.where("student_term", (student, term.id))
            if one.answered is None
        ),
        None,
    )


def pause_on(store: Store, student: PersonId, on: date) -> Pause | None:
    """Return the pause in which the student is that day; None: not away."""
    found = pause_rules.latest(store.pauses.where("student", student))
    return found if pause_rules.is_on(found, on) else None


def progress_among(
    desk: Desk, branch: Branch, people: list[Person], term: Term | None, on: date
) -> Progress:
    """Return the totals of some of a branch's students."""
    store = desk.store
    return progress_rules.progress(
        branch.id,
        people,
        {} if term is None else {one.id: student_state(desk, one, term, on) for one in people},
        {} if term is None else {one.id: form_state(store, one.id, term) for one in people},
        {one.id for one in people if is_enrolled(store, one.id)},
    )


def roles(store: Store, person: Person, on: date) -> tuple[str, ...]:
    """Return what a person is to the bot, in a fixed order: student, mentor, committee, secretary, office."""
    held = {
        "student": progress_rules.is_counted(person),
        "mentor": bool(charges(store, person, on)),
        "committee": has_committee_work(store, person),
        "secretary": is_secretary(store, person),
        "office": Duty.OFFICE in person.duties,
    }
    return tuple(role for role, is_held in held.items() if is_held)


def has_committee_work(store: Store, person: Person) -> bool:
    """Whether the person keeps the forms of a student branch (A23)."""
    branch = store.branches[person.branch]
    return branch.kind is Kind.STUDENT and person in holders(store, Duty.COMMITTEE, branch.id)


def keeps_branch(store: Store, person: Person) -> bool:
    """Whether the person keeps the forms of a student branch or leads one."""
    return has_committee_work(store, person) or is_secretary(store, person)


def is_secretary(store: Store, person: Person) -> bool:
    """Whether the person is 书记 of a student branch; a teachers' branch has no work here."""
    is_student_branch = store.branches[person.branch].kind is Kind.STUDENT
    return is_student_branch and Duty.SECRETARY in person.duties


def ids(people: Iterable[Person]) -> tuple[PersonId, ...]:
    return tuple(person.id for person in people)
