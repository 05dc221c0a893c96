"""Who may do what, where: written down a second time, from the manual alone (PRODUCT § 1, § 4).

Nothing here is taken from `bot.access`: the matrix compares the two.
"""

from __future__ import annotations

from enum import StrEnum


class Tie(StrEnum):
    """What ties whoever asks to what is asked about, or the mere role where it is about nobody."""

    ENROLLED = "enrolled"  # about nobody but oneself
    SELF = "self"
    MENTOR = "mentor"  # answers for the student
    KEEPER = "keeper"  # keeps the forms of the student's branch
    SECRETARY = "secretary"  # of the student's branch
    ASSIGNER = "assigner"  # that secretary, or the office
    DESK = "desk"  # reads of that branch by name: its keepers, or the office
    ANY_MENTOR = "any mentor"
    ANY_KEEPER = "any keeper"
    ANY_SECRETARY = "any secretary"
    ANY_ASSIGNER = "any assigner"
    ANY_DESK = "any desk"
    ANY_OFFICE = "any office"


OWN, ANOTHERS, OTHER_BRANCH = "own", "another's", "another branch's"
OBJECTS = (OWN, ANOTHERS, OTHER_BRANCH)
PRIVATE, BRANCH_GROUP, OTHER_GROUP = "private", "branch group", "other group"
PLACES = (PRIVATE, BRANCH_GROUP, OTHER_GROUP)

_KEEPER = {Tie.KEEPER, Tie.DESK}
_SECRETARY = _KEEPER | {Tie.SECRETARY, Tie.ASSIGNER}
_BRANCH_KEEPER = {Tie.ENROLLED, Tie.ANY_KEEPER, Tie.ANY_DESK}
_OFFICE = {Tie.DESK, Tie.ASSIGNER}

# What each role is by itself, and to the three students.
ALONE: dict[str, set[Tie]] = {
    "unknown": set(),
    "revoked": set(),
    "student": {Tie.ENROLLED},
    "mentor": {Tie.ENROLLED, Tie.ANY_MENTOR},
    "committee": _BRANCH_KEEPER,
    "secretary": _BRANCH_KEEPER | {Tie.ANY_SECRETARY, Tie.ANY_ASSIGNER},
    "office": {Tie.ENROLLED, Tie.ANY_ASSIGNER, Tie.ANY_DESK, Tie.ANY_OFFICE},
    "two at once": _BRANCH_KEEPER | {Tie.ANY_MENTOR},
}
TO: dict[tuple[str, str], set[Tie]] = {
    ("student", OWN): {Tie.SELF},
    ("mentor", OWN): {Tie.MENTOR},
    ("committee", OWN): _KEEPER,
    ("committee", ANOTHERS): _KEEPER,
    ("secretary", OWN): _SECRETARY,
    ("secretary", ANOTHERS): _SECRETARY,
    ("office", OWN): _OFFICE,
    ("office", ANOTHERS): _OFFICE,
    ("office", OTHER_BRANCH): _OFFICE,
    ("two at once", OWN): _KEEPER | {Tie.MENTOR},
    ("two at once", ANOTHERS): _KEEPER,
}
ROLES = tuple(ALONE)


def ties(role: str, whose: str) -> set[Tie]:
    return ALONE[role] | TO.get((role, whose), set())


ENROLLED = {Tie.ENROLLED}
SELF, MENTOR, SECRETARY = {Tie.SELF}, {Tie.MENTOR}, {Tie.SECRETARY}
ASSIGNER, DESK = {Tie.ASSIGNER}, {Tie.DESK}
ANY_KEEPER, ANY_DESK, ANY_ASSIGNER = {Tie.ANY_KEEPER}, {Tie.ANY_DESK}, {Tie.ANY_ASSIGNER}
ANY_OFFICE = {Tie.ANY_OFFICE}
NOBODY: set[Tie] = set()

# Every button, in private chat alone. One that serves several ends stands here once for each.
BUTTONS: dict[str, set[Tie]] = {
    **dict.fromkeys(("talked", "cannot_reach", "not_yet", "none_of_these", "done_day"), ENROLLED),
    **dict.fromkeys(("did_not_talk", "pick_mentor", "both_mentors", "pick_kind"), SELF),
    **dict.fromkeys(("confirm", "deny", "wrong_date", "done_tick", "pick_student"), MENTOR),
    **dict.fromkeys(("pick_done_kind", "advised", "agree", "agree_all", "decline"), MENTOR),
    "change_date mentor": MENTOR,
    "change_date student": SELF,
    "day claim": SELF,
    "day done": MENTOR,
    "day redate": MENTOR,
    "day moved": SECRETARY,
    **dict.fromkeys(("day stage", "day leave", "day graduate", "day end"), ASSIGNER),
    **dict.fromkeys(("day begin", "day meeting", "day reviewed"), SECRETARY),
    "day basics": SELF | SECRETARY,
    "day opinion": MENTOR,
    "day talk": NOBODY,  # only where neither of the two has an account
    "other_date": ENROLLED,  # asks on; whoever answers is judged then
    "undo": SELF,
    **dict.fromkeys(("hand_on", "arranged", "replaced", "moved"), SECRETARY),
    **dict.fromkeys(("forms_list", "forms_all", "receipt_day", "turn"), ANY_KEEPER),
    "form_press": {Tie.KEEPER},
    **dict.fromkeys(("status_page", "export", "print_forms"), ANY_DESK),
    **dict.fromkeys(("status_list", "status_list_at", "person_card"), DESK),
    **dict.fromkeys(("assign_card", "assign_branch", "assign_all", "assign_each"), ASSIGNER),
    **dict.fromkeys(("assign_yes", "assign_other", "assign_skip", "assign_change"), ASSIGNER),
    **dict.fromkeys(("assign_add", "assign_pick", "assign_page"), ASSIGNER),
    **dict.fromkeys(("plan", "plan_page"), ANY_ASSIGNER),
    "assign_later": ASSIGNER,
    **dict.fromkeys(("shortfalls", "shortfalls_page"), ASSIGNER),
    **dict.fromkeys(("stage_open", "stage_anyway", "leave_open"), ASSIGNER),
    **dict.fromkeys(("end_open", "end_reason", "card_turn", "acts", "acts_page"), ASSIGNER),
    **dict.fromkeys(("pause_open", "pause_reason", "pause_end", "day pause"), ASSIGNER),
    **dict.fromkeys(("proxy_talk", "proxy_pick", "day proxy_talk"), SECRETARY),
    **dict.fromkeys(("act_form", "act_form_step", "day act_form", "correct"), SECRETARY),
    **dict.fromkeys(("redate_talk", "void_talk", "day redate_talk"), SECRETARY),
    **dict.fromkeys(("redate_form", "void_form", "day redate_form"), SECRETARY),
    **dict.fromkeys(("proxy_consent", "proxy_consent_pick"), SECRETARY),
    **dict.fromkeys(("invite_one", "invite_revoke", "invite_all", "invite_all_yes"), ASSIGNER),
    **dict.fromkeys(("mentor_card", "invite_one mentor", "account_move mentor"), ASSIGNER),
    # PRODUCT § 4 names the secretary alone; the office stands in only where there is none to ask.
    **dict.fromkeys(("account_move", "account_move_yes"), SECRETARY),
    "exempt": SECRETARY,
    **dict.fromkeys(("mydata_page", "data_correct", "data_erase", "notice_agree"), ENROLLED),
    **dict.fromkeys(("data_done", "data_refuse"), ASSIGNER),
    **dict.fromkeys(("roster_apply", "roster_drop"), ANY_OFFICE),
    "act_cancel": {Tie.ANY_SECRETARY},
    **dict.fromkeys(("dates_card", "dates_ask", "dates_pick", "dates_hours"), ANY_OFFICE),
    **dict.fromkeys(("dates_yes", "dates_no", "dates_remove", "dates_complete"), ANY_OFFICE),
    **dict.fromkeys(("graduate_open", "graduate_toggle"), ASSIGNER),
    **dict.fromkeys(("graduate_page", "graduate_chosen"), ASSIGNER),
    "guide_page": ENROLLED,
    "check_opinion": {Tie.ANY_MENTOR},
    "opinion_about": MENTOR,
    **dict.fromkeys(("intro_open", "intro_toggle", "intro_chosen"), SECRETARY),
    **dict.fromkeys(("intro_decide", "intro_probation", "intro_extend"), SECRETARY),
    "intro_pick": {Tie.ANY_SECRETARY},
    "intro_basics": SELF | SECRETARY,
    **dict.fromkeys(("intro_step meeting", "intro_step reviewed"), SECRETARY),
    "intro_step basics": SELF | SECRETARY,
    **dict.fromkeys(("intro_step opinion", "intro_opinion", "intro_consent"), MENTOR),
}

# Every command: who, and where. The name of the student in question stands behind it.
COMMANDS: dict[str, tuple[set[Tie], tuple[str, ...]]] = {
    "start": (ENROLLED, PLACES),
    "help": (ENROLLED, PLACES),
    "status": (ENROLLED, (PRIVATE, BRANCH_GROUP)),
    "done": (ENROLLED, (PRIVATE, BRANCH_GROUP)),
    "undo": (ENROLLED, (PRIVATE,)),
    "guide": (ENROLLED, (PRIVATE,)),
    "mydata": (ENROLLED, (PRIVATE,)),
    "intro": (ENROLLED, (PRIVATE,)),
    "forms": (ANY_KEEPER, (PRIVATE,)),
    "export": (ANY_DESK, (PRIVATE,)),
    "plan": (ANY_ASSIGNER, (PRIVATE,)),
    "assign": (ASSIGNER, (PRIVATE,)),
    "link": ({Tie.ANY_SECRETARY}, (BRANCH_GROUP, OTHER_GROUP)),
}

# The words that work as plain text, in private chat alone: as the command does, or about oneself.
WORDS: dict[str, str | set[Tie]] = {
    "帮助": "help",
    "进度": "status",
    "已谈": "done",
    "登记表": "forms",
    "分配 {name}": "assign",
    "介绍": "intro",
    "计划": "plan",
    "导出": "export",
    "指南": "guide",
    "撤销": "undo",
    "我的数据": "mydata",
    "还没谈": ENROLLED,
    "约不上老师": ENROLLED,
    "没拿到表": ENROLLED,
    "属实": ENROLLED,
    "日期不对": ENROLLED,
    "{name}谈过了": ENROLLED,
    "毕业": ENROLLED,
    "结对情况": ANY_ASSIGNER,
    "你好": ENROLLED,
}

# Where a second press at once takes back or shows again what the first has done.
TOGGLES = {"done_tick"}
# What whoever may not is told: that it may not, or that there is nothing of its own here.
REFUSALS = frozenset(
    {
        "stranger",
        "not_allowed",
        "not_assigner",
        "account_by_secretary",
        "not_the_mentor",
        "forms_not_allowed",
        "papers_not_allowed",
        "plan_not_allowed",
        "dates_not_office",
        "only_private",
        "group_private",
        "group_unlinked",
        "group_not_enrolled",
        "link_not_secretary",
        "link_other_branch",
        "link_only_group",
        "foreign_button",
        "stale_button",
        "forms_nothing",
        "advice_over",
        "consent_over",
        "consent_none",
        "enrol_private",
        "opinion_not_yours",
        "enrol_dead",
    }
)
