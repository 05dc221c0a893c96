"""Who may do what, where: one table, default deny. Roles are read from the roster at each call."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Flag, StrEnum, auto

from bot import college
from bot.desk import Desk
from storage.records import Duty, Person

log = logging.getLogger(__name__)


class Who(StrEnum):
    """The least that somebody must be."""

    ANYONE = "anyone"  # strangers too: only to open an invite
    ENROLLED = "enrolled"
    KEEPER = "keeper"  # keeps a student branch's forms: 组织委员 or 书记
    SECRETARY = "secretary"
    DESK = "desk"  # reads of a branch's people by name: 组织委员, 书记, or the office
    OFFICE = "office"  # sets the dates of the whole college, sends its roster
    ASSIGNER = "assigner"  # a student branch's secretary, or the office (R5)


class Where(Flag):
    """The kinds of chat."""

    PRIVATE = auto()
    BRANCH_GROUP = auto()  # bound to a branch by /link
    OTHER_GROUP = auto()
    GROUP = BRANCH_GROUP | OTHER_GROUP
    KNOWN = PRIVATE | BRANCH_GROUP
    ANYWHERE = PRIVATE | GROUP


@dataclass(frozen=True, slots=True)
class Rule:
    """``refusal``: said instead of the usual one to whoever may not."""

    who: Who
    where: Where = Where.PRIVATE
    refusal: str | None = None


ASSIGNING = Rule(Who.ASSIGNER, refusal="not_assigner")

SETTING = Rule(Who.OFFICE, refusal="dates_not_office")

# Relations (is this my student, my branch?) are checked by the action on its object: the same act is
# reached by a button, a typed word and a typed date, and only where the record changes do they meet.
TABLE: Mapping[str, Rule] = {
    "start": Rule(Who.ANYONE, Where.ANYWHERE),
    "text": Rule(Who.ANYONE, Where.ANYWHERE),
    "press": Rule(Who.ENROLLED, Where.ANYWHERE),
    "unknown": Rule(Who.ENROLLED, Where.ANYWHERE),
    "help": Rule(Who.ENROLLED, Where.ANYWHERE),
    "status": Rule(Who.ENROLLED, Where.KNOWN),
    "done": Rule(Who.ENROLLED, Where.KNOWN),
    "undo": Rule(Who.ENROLLED),
    "guide": Rule(Who.ENROLLED),
    "guide_page": Rule(Who.ENROLLED),
    "check_opinion": Rule(Who.ENROLLED),
    "opinion_about": Rule(Who.ENROLLED),
    "mydata": Rule(Who.ENROLLED),
    "mydata_page": Rule(Who.ENROLLED),
    "data_correct": Rule(Who.ENROLLED),
    "data_erase": Rule(Who.ENROLLED),
    "data_done": ASSIGNING,
    "data_refuse": ASSIGNING,
    "notice_agree": Rule(Who.ENROLLED),
    "forms": Rule(Who.KEEPER),
    "export": Rule(Who.DESK, refusal="papers_not_allowed"),
    "print_forms": Rule(Who.DESK, refusal="papers_not_allowed"),
    "plan": Rule(Who.ASSIGNER, refusal="plan_not_allowed"),
    "plan_page": Rule(Who.ASSIGNER, refusal="plan_not_allowed"),
    **dict.fromkeys(("dates_card", "dates_ask", "dates_pick", "dates_hours"), SETTING),
    **dict.fromkeys(("dates_yes", "dates_no", "dates_remove", "dates_complete"), SETTING),
    "assign": ASSIGNING,
    "assign_card": ASSIGNING,
    "assign_branch": ASSIGNING,
    "assign_all": ASSIGNING,
    "assign_each": ASSIGNING,
    "assign_later": ASSIGNING,
    "assign_yes": ASSIGNING,
    "assign_other": ASSIGNING,
    "assign_skip": ASSIGNING,
    "assign_change": ASSIGNING,
    "assign_add": ASSIGNING,
    "assign_pick": ASSIGNING,
    "assign_page": ASSIGNING,
    "shortfalls": ASSIGNING,
    "shortfalls_page": ASSIGNING,
    "agree": Rule(Who.ENROLLED),
    "agree_all": Rule(Who.ENROLLED),
    "decline": Rule(Who.ENROLLED),
    "stage_open": ASSIGNING,
    "stage_anyway": ASSIGNING,
    "leave_open": ASSIGNING,
    "mentor_card": ASSIGNING,
    "invite_one": ASSIGNING,
    "invite_revoke": ASSIGNING,
    "invite_all": ASSIGNING,
    "invite_all_yes": ASSIGNING,
    "account_move": ASSIGNING,
    "account_move_yes": ASSIGNING,
    "pause_open": ASSIGNING,
    "pause_reason": ASSIGNING,
    "pause_end": ASSIGNING,
    "graduate_open": ASSIGNING,
    "graduate_toggle": ASSIGNING,
    "graduate_page": ASSIGNING,
    "graduate_chosen": ASSIGNING,
    "end_open": ASSIGNING,
    "end_reason": ASSIGNING,
    "advised": Rule(Who.ENROLLED),
    "roster_upload": Rule(Who.OFFICE),
    "roster_apply": Rule(Who.OFFICE),
    "roster_drop": Rule(Who.OFFICE),
    "link": Rule(Who.SECRETARY, Where.GROUP, refusal="link_not_secretary"),
    "talked": Rule(Who.ENROLLED),
    "cannot_reach": Rule(Who.ENROLLED),
    "not_yet": Rule(Who.ENROLLED),
    "did_not_talk": Rule(Who.ENROLLED),
    "day": Rule(Who.ENROLLED),
    "other_date": Rule(Who.ENROLLED),
    "change_date": Rule(Who.ENROLLED),
    "pick_mentor": Rule(Who.ENROLLED),
    "both_mentors": Rule(Who.ENROLLED),
    "pick_student": Rule(Who.ENROLLED),
    "pick_kind": Rule(Who.ENROLLED),
    "pick_done_kind": Rule(Who.ENROLLED),
    "none_of_these": Rule(Who.ENROLLED),
    "confirm": Rule(Who.ENROLLED),
    "deny": Rule(Who.ENROLLED),
    "wrong_date": Rule(Who.ENROLLED),
    "done_tick": Rule(Who.ENROLLED),
    "done_day": Rule(Who.ENROLLED),
    "hand_on": Rule(Who.SECRETARY),
    "arranged": Rule(Who.SECRETARY),
    "replaced": Rule(Who.SECRETARY),
    "exempt": Rule(Who.SECRETARY),
    "moved": Rule(Who.SECRETARY),
    "forms_list": Rule(Who.KEEPER),
    "form_press": Rule(Who.KEEPER),
    "forms_all": Rule(Who.KEEPER),
    "receipt_day": Rule(Who.KEEPER),
    "turn": Rule(Who.KEEPER),
    "status_page": Rule(Who.DESK),
    "status_list": Rule(Who.DESK),
    "status_list_at": Rule(Who.DESK),
    "person_card": Rule(Who.DESK),
    "card_turn": ASSIGNING,
    "acts": ASSIGNING,
    "acts_page": ASSIGNING,
    "proxy_talk": Rule(Who.SECRETARY),
    "proxy_pick": Rule(Who.SECRETARY),
    "proxy_consent": Rule(Who.SECRETARY),
    "proxy_consent_pick": Rule(Who.SECRETARY),
    "act_form": Rule(Who.SECRETARY),
    "act_form_step": Rule(Who.SECRETARY),
    "correct": Rule(Who.SECRETARY),
    "redate_talk": Rule(Who.SECRETARY),
    "void_talk": Rule(Who.SECRETARY),
    "redate_form": Rule(Who.SECRETARY),
    "void_form": Rule(Who.SECRETARY),
    "act_cancel": Rule(Who.SECRETARY),
    "intro": Rule(Who.ENROLLED),
    "intro_basics": Rule(Who.ENROLLED),
    "intro_opinion": Rule(Who.ENROLLED),
    "intro_consent": Rule(Who.ENROLLED),
    "intro_step": Rule(Who.ENROLLED),
    "intro_open": Rule(Who.SECRETARY),
    "intro_pick": Rule(Who.SECRETARY),
    "intro_toggle": Rule(Who.SECRETARY),
    "intro_chosen": Rule(Who.SECRETARY),
    "intro_decide": Rule(Who.SECRETARY),
    "intro_probation": Rule(Who.SECRETARY),
    "intro_extend": Rule(Who.SECRETARY),
}


def require_known(actions: Iterable[str]) -> None:
    """Raise LookupError for an action that the table does not know: nothing starts with it."""
    if unknown := sorted(set(actions) - TABLE.keys()):
        raise LookupError(f"not in access.TABLE: {', '.join(unknown)}")


def denial(desk: Desk, person: Person | None, action: str, where: Where) -> str | None:
    """Return the key of the refusal, or None: go on. What is not in the table, or fails, is denied."""
    try:
        return _denial(desk, person, action, where)
    except Exception:  # whoever cannot be judged may not (X22)
        log.exception("access to %s cannot be decided", action)
        return "stranger" if person is None else "not_allowed"


def _denial(desk: Desk, person: Person | None, action: str, where: Where) -> str | None:
    rule = TABLE.get(action)
    if rule is None:
        return "not_allowed"
    if rule.who is not Who.ANYONE and person is None:
        return "stranger"
    if not rule.where & where:
        return _elsewhere(rule, where)
    return None if _is(desk, person, rule.who) else rule.refusal or _REFUSALS[rule.who]


_REFUSALS = {
    Who.KEEPER: "forms_not_allowed",
    Who.SECRETARY: "not_allowed",
    Who.DESK: "not_allowed",
    Who.OFFICE: "not_allowed",
}


def _elsewhere(rule: Rule, where: Where) -> str:
    if where is Where.PRIVATE:
        return "link_only_group"
    return "group_unlinked" if rule.where & Where.BRANCH_GROUP else "only_private"


def _is(desk: Desk, person: Person | None, who: Who) -> bool:
    if who is Who.ANYONE:
        return True
    if person is None:
        return False
    match who:
        case Who.ENROLLED:
            return True
        case Who.KEEPER:
            return college.keeps_branch(desk.store, person)
        case Who.SECRETARY:
            return college.is_secretary(desk.store, person)
        case Who.DESK:
            return Duty.OFFICE in person.duties or college.keeps_branch(desk.store, person)
        case Who.OFFICE:
            return Duty.OFFICE in person.duties
        case Who.ASSIGNER:
            return Duty.OFFICE in person.duties or college.is_secretary(desk.store, person)
