"""Who may do what to what, where: one table, default deny. Roles are read from the roster at each call."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Flag, StrEnum, auto

from bot import college
from bot.desk import Desk
from bot.refusal import Denied
from bot.whose import NOTHING, Named, Thing, Tie, is_tied, named
from storage.records import Branch, Duty, Person

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
    """``refusal``: said instead of the usual one to whoever may not; ``not_theirs``: of what is another's."""

    who: Who
    tie: Tie = Tie.NONE
    where: Where = Where.PRIVATE
    refusal: str | None = None
    not_theirs: str | None = None


def _each(rule: Rule, actions: str) -> dict[str, Rule]:
    return dict.fromkeys(actions.split(), rule)


_ASSIGNING = Rule(Who.ASSIGNER, Tie.BRANCH, refusal="not_assigner")
_ACCOUNT = Rule(Who.ASSIGNER, Tie.REACH, refusal="not_assigner")
_PLANNING = Rule(Who.ASSIGNER, refusal="plan_not_allowed")
_KEEPING = Rule(Who.KEEPER, Tie.BRANCH, not_theirs="forms_nothing")
_PAPERS = Rule(Who.DESK, refusal="papers_not_allowed")
_SETTING = Rule(Who.OFFICE, refusal="dates_not_office")
_MENTORING = Rule(Who.ENROLLED, Tie.MENTOR, not_theirs="not_the_mentor")
_OPINION = Rule(Who.ENROLLED, Tie.MENTOR, not_theirs="opinion_not_yours")
_LEADING = Rule(Who.SECRETARY, Tie.BRANCH)
_STEP = Rule(Who.ENROLLED, Tie.SELF | Tie.MENTOR | Tie.SECRETARY)
_BINDING = Rule(Who.SECRETARY, where=Where.GROUP, refusal="link_not_secretary")
_ANSWERING = Rule(Who.ASSIGNER, refusal="not_assigner")  # `requests` knows whose each one is
_UNDOING = Rule(Who.ENROLLED, Tie.AUTHOR, not_theirs="stale_button")

# Commands, buttons, and the days (``day_…``) and reasons that are typed or pressed on the way.
TABLE: Mapping[str, Rule] = {
    **_each(Rule(Who.ANYONE, where=Where.ANYWHERE), "start text"),
    **_each(Rule(Who.ENROLLED, where=Where.ANYWHERE), "press unknown help"),
    **_each(Rule(Who.ENROLLED, where=Where.KNOWN), "status done"),
    **_each(Rule(Who.ENROLLED), "guide guide_page check_opinion mydata mydata_page intro"),
    **_each(Rule(Who.ENROLLED), "data_correct data_erase notice_agree"),
    **_each(_ANSWERING, "data_done data_refuse"),
    **_each(_OPINION, "opinion_about"),
    **_each(_UNDOING, "undo"),
    **_each(_BINDING, "link"),
    # Talks
    **_each(Rule(Who.ENROLLED), "talked cannot_reach not_yet none_of_these"),
    **_each(Rule(Who.ENROLLED), "day other_date done_day day_list"),
    **_each(Rule(Who.ENROLLED, Tie.SELF | Tie.MENTOR), "change_date"),
    **_each(Rule(Who.ENROLLED, Tie.SELF), "did_not_talk pick_mentor both_mentors pick_kind"),
    **_each(Rule(Who.ENROLLED, Tie.SELF, where=Where.KNOWN), "day_claim"),
    **_each(Rule(Who.ENROLLED, Tie.MENTOR, where=Where.KNOWN), "day_done"),
    **_each(_MENTORING, "confirm deny wrong_date done_tick pick_student pick_done_kind"),
    **_each(_MENTORING, "day_redate agree agree_all decline advised"),
    # Forms
    **_each(_KEEPING, "forms forms_list form_press forms_all receipt_day day_receipt turn"),
    **_each(_PAPERS, "export print_forms"),
    # What stands where, and the secretary's acts
    **_each(Rule(Who.DESK, Tie.BRANCH), "status_page status_list status_list_at person_card"),
    **_each(_ASSIGNING, "card_turn acts acts_page"),
    **_each(_LEADING, "hand_on arranged replaced moved day_moved exempt"),
    **_each(_LEADING, "proxy_talk proxy_pick day_proxy_talk act_cancel"),
    **_each(_LEADING, "proxy_consent proxy_consent_pick"),
    **_each(_LEADING, "act_form act_form_step day_act_form correct"),
    **_each(_LEADING, "redate_talk day_redate_talk void_talk"),
    **_each(_LEADING, "redate_form day_redate_form void_form"),
    # Mentors, stages, accounts
    **_each(_ASSIGNING, "assign assign_card assign_branch assign_all assign_each assign_later"),
    **_each(_ASSIGNING, "assign_yes assign_other assign_skip assign_change assign_add"),
    **_each(_ASSIGNING, "assign_pick assign_page shortfalls shortfalls_page"),
    **_each(_ASSIGNING, "stage_open stage_anyway day_stage leave_open day_leave"),
    **_each(
        _ASSIGNING, "graduate_open graduate_toggle graduate_page graduate_chosen day_graduate"
    ),
    **_each(_ASSIGNING, "end_open end_reason day_end pause_open pause_reason pause_end day_pause"),
    **_each(_ASSIGNING, "invite_all invite_all_yes"),
    **_each(_ACCOUNT, "mentor_card invite_one invite_revoke account_move account_move_yes"),
    # The way to the meeting
    **_each(_STEP, "intro_basics intro_opinion intro_consent intro_step day_intro"),
    **_each(_LEADING, "intro_open intro_pick intro_toggle intro_chosen"),
    **_each(_LEADING, "intro_decide intro_probation intro_extend"),
    # The college
    **_each(_PLANNING, "plan plan_page"),
    **_each(_SETTING, "dates_card dates_ask dates_pick dates_hours"),
    **_each(_SETTING, "dates_yes dates_no dates_remove dates_complete"),
    **_each(Rule(Who.OFFICE), "roster_upload roster_apply roster_drop"),
}


def require_known(actions: Iterable[str]) -> None:
    """Raise LookupError for an action that the table does not know: nothing starts with it."""
    if unknown := sorted(set(actions) - TABLE.keys()):
        raise LookupError(f"not in access.TABLE: {', '.join(unknown)}")


def authorize(desk: Desk, person: Person | None, action: str, thing: Thing, where: Where) -> None:
    """Raise Denied, with what to say, unless the person may do that to that thing in such a chat.

    What is not in the table, or cannot be judged, is denied (X6, X22).
    """
    try:
        _judge(desk, person, action, thing, where)
    except Denied:
        raise
    except Exception as unforeseen:
        log.exception("access to %s cannot be decided", action)
        raise Denied("stranger" if person is None else "not_allowed") from unforeseen


def allows(desk: Desk, person: Person | None, action: str, where: Where) -> bool:
    """Whether the person may do such things in such a chat."""
    try:
        authorize(desk, person, action, NOTHING, where)
    except Denied:
        return False
    return True


def _judge(desk: Desk, person: Person | None, action: str, thing: Thing, where: Where) -> None:
    rule = TABLE.get(action)
    if rule is None:
        raise Denied("not_allowed")
    if rule.who is not Who.ANYONE and person is None:
        raise Denied("stranger")
    if not rule.where & where:
        raise Denied(_elsewhere(rule, where))
    if not _is(desk, person, rule.who):
        raise Denied(rule.refusal or _REFUSALS[rule.who])
    if person is not None and rule.tie:
        _judge_tie(desk, person, rule, named(desk.store, thing))


def _judge_tie(desk: Desk, person: Person, rule: Rule, thing: Named) -> None:
    own = {one.id for one in works_for(desk, person, rule.who)}
    if is_tied(desk.store, person, rule.tie, thing, own):
        return
    concerned = thing.of_branches
    match rule.not_theirs or rule.refusal or "not_allowed":
        case _ if not concerned and not thing.acts:
            raise Denied("stale_button")  # the records that it named are gone
        case "not_assigner":
            raise Denied("not_assigner", branch_id=concerned[0])
        case "not_the_mentor":
            raise Denied("not_the_mentor", student=thing.people[0].id)
        case kind:
            raise Denied(kind)


def works_for(desk: Desk, person: Person, who: Who) -> list[Branch]:
    """Return the student branches for which the person does what such people do, in the roster's order."""
    if who in _OF_THE_OFFICE and Duty.OFFICE in person.duties:
        return college.student_branches(desk.store)
    is_one = who in _OF_A_BRANCH and _is(desk, person, who)
    return [desk.store.branches[person.branch]] if is_one else []


_OF_A_BRANCH = frozenset({Who.KEEPER, Who.SECRETARY, Who.DESK, Who.ASSIGNER})
_OF_THE_OFFICE = frozenset({Who.DESK, Who.ASSIGNER, Who.OFFICE})
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
