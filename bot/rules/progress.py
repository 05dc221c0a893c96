"""How many students of a branch stand where: the numbers of /status and of every total."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from storage.records import (
    BranchId,
    FormState,
    Kind,
    Person,
    PersonId,
    Progress,
    Stage,
    TalkState,
)


def is_counted(person: Person) -> bool:
    """Whether totals count the person: 学生, not yet 正式党员, not left."""
    return person.kind is Kind.STUDENT and person.stage is not Stage.FULL and person.left is None


def progress(
    branch: BranchId,
    people: Iterable[Person],
    talks: Mapping[PersonId, TalkState],
    forms: Mapping[PersonId, FormState],
    enrolled: AbstractSet[PersonId],
) -> Progress:
    """Totals of one branch; every state is present, also with 0.

    ``talks`` are best states (`bot.rules.talks.state_in_round`). Whoever is not in them counts as
    none, not in ``forms`` as not handed out: so both empty is the time before the first term.
    """
    students = [one.id for one in people if one.branch == branch and is_counted(one)]
    talk = Counter(talks.get(one, TalkState.NONE) for one in students)
    form = Counter(forms.get(one, FormState.NOT_HANDED_OUT) for one in students)
    return Progress(
        branch=branch,
        students=len(students),
        talk={state: talk[state] for state in TalkState},
        form={state: form[state] for state in FormState},
        not_enrolled=sum(one not in enrolled for one in students),
    )


def together(parts: Iterable[Progress]) -> Progress:
    """Totals of several groups that share nobody; of none: everything is 0. ``branch`` is 0."""
    parts = list(parts)
    return Progress(
        branch=BranchId(0),
        students=sum(one.students for one in parts),
        talk={state: sum(one.talk[state] for one in parts) for state in TalkState},
        form={state: sum(one.form[state] for one in parts) for state in FormState},
        not_enrolled=sum(one.not_enrolled for one in parts),
    )
