"""The buttons of a student's card: what is likely next, and everything else behind 办理, in place.

To add a button: a function from the reading to rows of presses, listed in `GROUPS`; where it is more
than a rarity, its name goes into `_likeliest` as well.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot import college
from bot import path as ways
from bot.actions import assigner, corrections, on_behalf
from bot.compose import acting, exemptions
from bot.compose.mentor_card import account_rows
from bot.compose.presses import Press, Rows, in_rows, named
from bot.compose.reading import Reading
from bot.rules import progress as progress_rules
from bot.rules import stages
from bot.rules import talks as talk_rules
from bot.rules.eligibility import MOST, counts
from storage.records import FormState, Pairing, Pause, Person, PersonId, Role, Stage

FRONT = 5  # beside 办理: three rows on a phone


def student_of(reading: Reading) -> Person:
    """Return whose card it is."""
    return reading.desk.store.people[PersonId(reading.row.args["student"])]


def open_pairings(reading: Reading) -> list[Pairing]:
    """Return the student's pairings that have not ended, in the order in which they began."""
    return college.open_pairings_of(reading.desk.store, student_of(reading))


def away_of(reading: Reading, student: Person) -> Pause | None:
    """Return the pause in which the student is today, if any."""
    return college.pause_on(reading.desk.store, student.id, reading.today)


def assigns(reading: Reading) -> bool:
    """Whether the reader assigns in the student's branch: nobody else has buttons on the card."""
    own = assigner.branches_of(reading.desk, reading.reader)
    return student_of(reading).branch in {branch.id for branch in own}


def rows(reading: Reading) -> Rows:
    """Return the likeliest presses and 办理; behind it the others by group, and 返回."""
    if not assigns(reading):
        return []
    groups = [row for group in GROUPS for row in group(reading)]
    every = [press for row in groups for press in row]
    if len(every) <= FRONT + 1:
        return groups
    front = _front(reading, every)
    if not reading.row.args.get("whole"):
        return in_rows([*front, _turn(reading, "card_rest", whole=True)])
    rest = [[press for press in row if press not in front] for row in groups]
    back = [_turn(reading, "card_back", whole=False)]
    return [*(row for row in rest if row), back]


def _turn(reading: Reading, name: str, *, whole: bool) -> Press:
    return named(reading, name, "card_turn", {"whole": whole})


def _front(reading: Reading, every: list[Press]) -> list[Press]:
    order = _likeliest(reading)
    known = [press for press in every if _name(press) in order]
    return sorted(known, key=lambda press: order.index(_name(press)))[:FRONT]


def _name(press: Press) -> str:
    """Return what the press is for, told apart where one action serves two ends."""
    is_taken_back = press.action == "exempt" and press.args["relief"] is None
    return "restore" if is_taken_back else press.action


def _likeliest(reading: Reading) -> list[str]:
    """Return the names of presses, what the student's situation asks for first, then the everyday."""
    student = student_of(reading)
    wanted = {
        **dict.fromkeys(ONLY_WHERE_WANTED, True),
        "assign_add": _lacks_mentors(reading, student),
        "assign_change": _cannot_reach(reading, student),
        "stage_open": _has_reached_the_next_stage(reading, student),
        "proxy_talk": _has_talk_to_record(reading, student),
        "act_form": _has_form_to_come(reading, student),
        "correct": _has_something_to_correct(reading, student),
    }
    first = [name for name, is_wanted in wanted.items() if is_wanted]
    return [*first, *(name for name in EVERYDAY if name not in first)]


ONLY_WHERE_WANTED = (
    "invite_one", "invite_revoke", "pause_end", "proxy_consent", "exempt", "restore",
)  # fmt: skip
EVERYDAY = (
    "acts", "assign_change", "pause_open", "act_form", "proxy_talk", "stage_open", "assign_add",
)  # fmt: skip


def _lacks_mentors(reading: Reading, student: Person) -> bool:
    in_charge = _in_charge(reading, student)
    if student.stage is Stage.ACTIVIST:
        return not in_charge
    return sum(one.role is Role.INTRODUCER for one in in_charge) < MOST


def _cannot_reach(reading: Reading, student: Person) -> bool:
    if reading.term is None:
        return False
    return college.open_obstacle(reading.desk.store, student.id, reading.term) is not None


def _has_reached_the_next_stage(reading: Reading, student: Person) -> bool:
    first = stages.earliest(student, ways.extension(reading.desk, student.id))
    return first is not None and first <= reading.today


def _has_talk_to_record(reading: Reading, student: Person) -> bool:
    return reading.term is not None and bool(on_behalf.talks_to_record(reading.desk, student))


def _has_form_to_come(reading: Reading, student: Person) -> bool:
    windows = reading.windows
    if windows is None or not talk_rules.takes_part(student, windows):
        return False
    state = college.form_state(reading.desk.store, student.id, reading.round)
    return state is not FormState.ARCHIVED


def _has_something_to_correct(reading: Reading, student: Person) -> bool:
    talks = corrections.talks_on_record(reading.desk, student)
    return bool(talks) or corrections.form_on_record(reading.desk, student) is not None


def _pairings(reading: Reading) -> Rows:
    """Return 更换 and 结束 per mentor, the mentors' names, and 增加 where one more is possible."""
    student, held = student_of(reading), open_pairings(reading)
    is_counted = progress_rules.is_counted(student)
    rows = []
    for one in held:
        who, args = reading.named(one.mentor), {"pairing": one.id}
        names = ["assign_change"] if is_counted and counts(one.role, student) else []
        rows.append([named(reading, name, name, args, who) for name in (*names, "end_open")])
    as_what = Role.CONTACT if student.stage is Stage.ACTIVIST else Role.INTRODUCER
    whose = [reading.desk.store.people[one.mentor] for one in _in_charge(reading, student)]
    rows += in_rows([_mentor(reading, one) for one in whose])
    if is_counted and sum(one.role is as_what for one in held) < MOST:
        rows.append([named(reading, "assign_add", "assign_add", {"student": student.id})])
    return rows


def _mentor(reading: Reading, mentor: Person) -> Press:
    return Press(reading.named(mentor.id).titled, "mentor_card", {"mentor": mentor.id})


def _in_charge(reading: Reading, student: Person) -> tuple[Pairing, ...]:
    return college.in_charge(reading.desk.store, student, reading.today)


def _life(reading: Reading) -> Rows:
    """Return the buttons that move the student on."""
    student = student_of(reading)
    pause = "pause_end" if away_of(reading, student) else "pause_open"
    whose: dict[str, Any] = {"student": student.id}
    listed = {**whose, "branch_id": student.branch}
    moves = [named(reading, name, name, whose) for name in ("stage_open", pause, "leave_open")]
    return in_rows([*moves, named(reading, "graduate_open", "graduate_open", listed)])


def _enrolment(reading: Reading) -> Rows:
    """Return the links of somebody without account."""
    student = student_of(reading)
    is_in = college.is_enrolled(reading.desk.store, student.id)
    return [] if is_in else account_rows(reading, student)


def _moving(reading: Reading) -> Rows:
    """Return 换账号 of somebody enrolled: seldom needed, so it stands last."""
    student = student_of(reading)
    is_in = college.is_enrolled(reading.desk.store, student.id)
    return account_rows(reading, student) if is_in else []


GROUPS: list[Callable[[Reading], Rows]] = [
    _enrolment,
    exemptions.card_rows,
    acting.card_rows,
    _pairings,
    _life,
    _moving,
]
