"""The lists under the picture of /status: whose talk or form is wanting, by branch, a name per button."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot import college
from bot.actions import assigner, exemption, invites, papers
from bot.compose.presses import PAGE, Press, Rows, in_rows, named, page_of, paged, turning
from bot.compose.reading import Reading
from bot.rules import forms as form_rules
from bot.rules.audience import is_overdue
from bot.rules.forms import Tick
from bot.situation import facts_of
from messages.facts import TALK_WORDS
from storage.records import Branch, FormState, Person, Relief, TalkState

Facts = dict[str, Any] | None
Belongs = Callable[[Reading, Person], bool]


def _has_no_form(reading: Reading, student: Person) -> bool:
    state = college.form_state(reading.desk.store, student.id, reading.round)
    return not form_rules.is_in(state)


def _waits_for(tick: Tick) -> Belongs:
    def belongs(reading: Reading, student: Person) -> bool:
        form = college.form_of(reading.desk.store, student.id, reading.round)
        return form is not None and form_rules.waits_for(form, tick)

    return belongs


def _is_to_archive(reading: Reading, student: Person) -> bool:
    state = college.form_state(reading.desk.store, student.id, reading.round)
    return state is FormState.RECEIVED


def _is_overdue(reading: Reading, student: Person) -> bool:
    if reading.windows is None or reading.today <= reading.windows.deadline:
        return False
    facts = facts_of(reading.desk, reading.round, reading.timing, student, reading.today)
    return facts.takes_part and is_overdue(facts)


def _has(relief: Relief) -> Belongs:
    return lambda reading, one: any(
        each.relief is relief for each in exemption.of_student(reading.desk, one).values()
    )


# Which students are on which list; together with the bars they add up.
TALKS_AND_FORMS: Mapping[str, Belongs] = {
    "not_talked": lambda reading, one: reading.state(one.id) is TalkState.NONE,
    "to_confirm": lambda reading, one: (
        reading.state(one.id) in {TalkState.CLAIMED, TalkState.DISPUTED}
    ),
    "no_form": _has_no_form,
    "not_enrolled": lambda reading, one: not college.is_enrolled(reading.desk.store, one.id),
}
# What the branch has to do or has decided; offered where somebody is on it.
MORE: Mapping[str, Belongs] = {
    "unsigned": _waits_for(Tick.RECORD),
    "to_write": _waits_for(Tick.OPINION),
    "to_archive": _is_to_archive,
    "overdue": _is_overdue,
    "released": _has(Relief.RELEASED),
    "put_off": _has(Relief.PUT_OFF),
}
LISTS: Mapping[str, Belongs] = {**TALKS_AND_FORMS, **MORE}


def openers(reading: Reading, args: dict[str, Any]) -> Rows:
    """Return a button per list; of one branch also those of `MORE` that are not empty."""
    branch = reading.branch if "branch_id" in args else None
    more = [one for one in MORE if branch is not None and listed(reading, branch, one)]
    return in_rows([opener(reading, one, args) for one in (*TALKS_AND_FORMS, *more)])


def opener(reading: Reading, listing: str, args: dict[str, Any]) -> Press:
    """Return the button that leads to a list."""
    return named(reading, f"list_{listing}", "status_list", {**args, "listing": listing})


def listed(reading: Reading, branch: Branch, listing: str) -> list[Person]:
    """Return the branch's students on that list, by number."""
    people = college.students(reading.desk.store, branch.id)
    return [one for one in people if LISTS[listing](reading, one)]


def mentors_listed(reading: Reading, branch: Branch, listing: str) -> list[Person]:
    """Return the mentors without account under 未开通, for whoever may give them a link."""
    if listing != "not_enrolled" or branch not in _assigned(reading):
        return []
    return assigner.mentors_without_account(reading.desk, branch)


def _assigned(reading: Reading) -> list[Branch]:
    return assigner.branches_of(reading.desk, reading.reader)


def _list(reading: Reading) -> Facts:
    found, mentors = _shown(reading), _mentors(reading)
    page, pages = page_of(reading, len(found) + len(mentors))
    return {
        "count": len(found),
        "mentor_count": len(mentors),
        "page": page,
        "pages": pages,
        "covered": _covered(reading),
    }


def _mentors(reading: Reading) -> list[Person]:
    if reading.branch is None:
        raise LookupError("no branch")
    return mentors_listed(reading, reading.branch, reading.row.args["listing"])


def _covered(reading: Reading) -> int:
    """Return to how many 全部重发 would send; 0: it is not offered."""
    branch = reading.branch
    if branch is None or reading.row.args["listing"] != "not_enrolled":
        return 0
    is_own = branch in _assigned(reading)
    return len(invites.not_enrolled(reading.desk, branch)) if is_own else 0


def _shown(reading: Reading) -> list[Person]:
    if reading.branch is None:
        raise LookupError("no branch")
    return listed(reading, reading.branch, reading.row.args["listing"])


def _list_rows(reading: Reading) -> Rows:
    students = [
        Press(_label(reading, one), "person_card", {"student": one.id}) for one in _shown(reading)
    ]
    mentors = [
        named(reading, "list_mentor", "mentor_card", {"mentor": one.id}, reading.named(one.id))
        for one in _mentors(reading)
    ]
    page, pages = page_of(reading, len(students) + len(mentors))
    first, last = (page - 1) * PAGE, page * PAGE
    under = mentors[max(0, first - len(students)) : max(0, last - len(students))]
    rows = [*in_rows(students[first:last]), *in_rows(under)]
    rows += [*turning(reading, page, pages, "status_list_at"), *_new_links(reading)]
    if not reading.row.args.get("from_all"):
        return rows
    back = {"kind": "status_branches", "page": 1}
    return [*rows, [named(reading, "list_branches", "status_list_at", back)]]


def _new_links(reading: Reading) -> Rows:
    """Return 全部重发 under the list of those without account, for whoever assigns in the branch."""
    branch = reading.branch
    if branch is None or not _covered(reading):
        return []
    return [[named(reading, "invite_all", "invite_all", {"branch_id": branch.id})]]


def _label(reading: Reading, student: Person) -> str:
    label, listing = reading.in_list(student.id).label, reading.row.args["listing"]
    is_disputed = listing == "to_confirm" and reading.state(student.id) is TalkState.DISPUTED
    return f"{label} {TALK_WORDS[TalkState.DISPUTED]}" if is_disputed else label


def _counted(reading: Reading) -> list[tuple[Branch, str]]:
    """Return the branches that are not empty, and how many: mentors apart from the students."""
    listing, words = reading.row.args["listing"], reading.catalogue.labels
    found = []
    for branch in papers.branches_of(reading.desk, reading.reader):
        students = len(listed(reading, branch, listing))
        mentors = len(mentors_listed(reading, branch, listing))
        parts = [f"{students}{words['people']}"] if students else []
        parts += [f"{words['list_mentor']}{mentors}{words['people']}"] if mentors else []
        if parts:
            found.append((branch, " ".join(parts)))
    return found


def is_empty(reading: Reading, branch: Branch, listing: str) -> bool:
    """Whether there is nobody to show, neither student nor mentor."""
    return not listed(reading, branch, listing) and not mentors_listed(reading, branch, listing)


def _branches(reading: Reading) -> Facts:
    """Only the buttons count: to do it twice is felt where a college has ten thousand students."""
    branches = papers.branches_of(reading.desk, reading.reader)
    listing = reading.row.args["listing"]
    return {"is_empty": all(is_empty(reading, one, listing) for one in branches)}


def _branch_rows(reading: Reading) -> Rows:
    presses = [
        Press(
            f"{branch.name} {count}",
            "status_list_at",
            {"kind": "status_list", "branch_id": branch.id, "from_all": True, "page": 1},
        )
        for branch, count in _counted(reading)
    ]
    page = reading.row.args.get("page", 1)
    rows, _, _ = paged(
        reading, presses, page, per_page=PAGE // 2, per_row=1, turn="status_list_at"
    )
    return rows


BUILDERS: dict[str, Callable[[Reading], Facts]] = {
    "status_list": _list,
    "status_branches": _branches,
}
BUTTONS: dict[str, Callable[[Reading], Rows]] = {
    "status_list": _list_rows,
    "status_branches": _branch_rows,
}
