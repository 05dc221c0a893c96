"""What each button carries when it is about a given student: the recipe of the message, and its arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from bot.actions import question
from tests.bot.matrix.scene import STUDENTS, TALKED, Scene

Args = dict[str, Any]


class Pressed(NamedTuple):
    """``action`` with ``args``, under a message of ``row`` made of ``row_args``."""

    action: str
    args: Args = {}  # noqa: RUF012 - never changed
    row: str = "status_student"
    row_args: Args = {}  # noqa: RUF012 - never changed


Make = Callable[[Scene, str, str], Pressed]  # scene, role, whose


def plain(action: str, row: str = "status_student", **row_args: Any) -> Make:
    return lambda *_: Pressed(action, {}, row, row_args)


def of_talk(action: str) -> Make:
    return lambda scene, role, whose: Pressed(action, {"talk": scene.talk(role, whose).id}, "T2")


def of_pairing(action: str, row: str = "T5", **more: Any) -> Make:
    def make(scene: Scene, role: str, whose: str) -> Pressed:
        pairing = scene.pairing(role, whose)
        listed = {"day": TALKED.isoformat(), "talks_owed": [[pairing.id, "half_year"]]}
        return Pressed(action, {"pairing": pairing.id, **more}, row, listed)

    return make


def of_student(action: str, row: str = "person_card", **more: Any) -> Make:
    def make(scene: Scene, _: str, whose: str) -> Pressed:
        student = scene.student(whose)
        return Pressed(action, {"student": student, **more}, row, {"student": student})

    return make


def of_mentor(action: str, name: str) -> Make:
    """About the first mentor of that student: of the other branch's, one who answers there alone."""

    def make(scene: Scene, _: str, whose: str) -> Pressed:
        mentor = scene.pairings[STUDENTS[whose]][0].mentor
        return Pressed(action, {name: mentor}, "mentor_card", {"mentor": mentor})

    return make


def of_obstacle(action: str) -> Make:
    def make(scene: Scene, _: str, whose: str) -> Pressed:
        name = {"student": scene.student(whose)}
        found = next(o for o in scene.obstacles.values() if o.student == name["student"])
        return Pressed(action, {"obstacle": found.id}, "B6")

    return make


def asked_for(action: str, purpose: str, **more: Any) -> Make:
    """Somebody was asked for a day (or which talk), and what it is for travels along."""

    def make(scene: Scene, role: str, whose: str) -> Pressed:
        student, pairing = scene.student(whose), scene.pairing(role, whose)
        mentor = pairing.mentor
        args: Args = {"for": purpose, "day": "2026-09-13", "of": ["half_year"]}
        args |= {"pairings": [pairing.id], "people": [student], "mentors": [mentor]}
        args |= {"pairing": pairing.id, "student": student, "students": [student]}
        args |= {"talks": [scene.talk(role, whose).id], "obstacle": 0, "list": 1}
        args["obstacle"] = next(o.id for o in scene.obstacles.values() if o.student == student)
        args["picker"] = 1
        return Pressed(action, args | more, "ask_day", {})

    return make


def of_branch(
    action: str, row: str, *, in_args: bool = True, named: tuple[str, ...] = (), **more: Any
) -> Make:
    def make(scene: Scene, role: str, whose: str) -> Pressed:
        student = scene.student(whose)
        branch = scene.store.people[student].branch
        mentor = scene.people["吴老师"].id
        row_args = {
            "branch_id": branch,
            "role": "introducer",
            "pairs": [[student, mentor]],
            "left": [[student, "none"]],
            "queue": [],
            "picked": [student],
            "page": 1,
            "student": student,
            "instead": None,
            "listing": "not_talked",
        }
        args = {"branch_id": branch} if in_args else {}
        people = {"student": student, "mentors": [], "mentor": mentor, "tapped": [student]}
        given = {key: people[key] for key in named}
        return Pressed(action, {**args, **given, **more}, row, row_args)

    return make


def undo(scene: Scene, _: str, whose: str) -> Pressed:
    student = scene.student(whose)
    deed = next(one for one in scene.claims.values() if one.by == student)
    return Pressed("undo", {"act": deed.id}, "S10", {})


def told(scene: Scene, _: str, whose: str) -> Pressed:
    student = scene.student(whose)
    pairings = {one.id for one in scene.store.pairings.where("student", student)}
    talk = next(one for one in scene.told.values() if one.pairing in pairings)
    return Pressed("did_not_talk", {"talk": talk.id}, "S12", {"talk": talk.id})


def cancelling(scene: Scene, role: str, _: str) -> Pressed:
    """Nothing is called off but what the bot waits for."""
    person = scene.person(role)
    if person is not None:
        with scene.store.transaction():
            question.ask(scene.chat.desk, person.id, "act_reason", {"act": "proxy_talk"})
    return Pressed("act_cancel", {}, "act_reason")


def status_page(_: Scene, role: str, __: str) -> Pressed:
    row = "status_office" if role == "office" else "status_branch"
    return Pressed("status_page", {"page": 1}, row, {})


def wished(action: str) -> Make:
    """The student has asked for something about what is kept."""

    def make(scene: Scene, _: str, whose: str) -> Pressed:
        student = scene.student(whose)
        (found,) = scene.store.requests.where("person", student)
        return Pressed(action, {"request": found.id}, "data_request", {"request": found.id})

    return make


def redating(scene: Scene, role: str, whose: str) -> Pressed:
    """Another day for a talk, by the secretary."""
    args = {"for": "redate_talk", "talk": scene.talk(role, whose).id, "day": "2026-09-13"}
    return Pressed("day", args, "ask_right_day")


DAY_OFF = {"of_kind": "rest", "span": ["2026-09-24", "2026-09-24"]}
STEP = {"day": "2026-09-09"}
THINGS: dict[str, Make] = {
    "talked": plain("talked"),
    "cannot_reach": plain("cannot_reach"),
    "not_yet": plain("not_yet"),
    "none_of_these": plain("none_of_these"),
    "done_day": plain("done_day", "done_list", day=TALKED.isoformat(), talks_owed=[]),
    "did_not_talk": told,
    "pick_mentor": asked_for("pick_mentor", "claim"),
    "both_mentors": asked_for("both_mentors", "claim"),
    "pick_kind": asked_for("pick_kind", "claim"),
    "pick_done_kind": asked_for("pick_done_kind", "done"),
    "confirm": of_talk("confirm"),
    "deny": of_talk("deny"),
    "wrong_date": of_talk("wrong_date"),
    "done_tick": of_pairing("done_tick", "done_list", of="half_year"),
    "pick_student": of_pairing("pick_student", "ask_which"),
    "advised": of_pairing("advised", "T7"),
    "agree": of_pairing("agree"),
    "decline": of_pairing("decline"),
    "agree_all": asked_for("agree_all", ""),
    "change_date mentor": asked_for("change_date", ""),
    "change_date student": lambda scene, role, whose: Pressed(
        "change_date",
        {"pairings": [scene.pairing(role, whose).id], "of": ["half_year"]},
        "S10",
    ),
    **{
        f"day {purpose}": asked_for("day", purpose)
        for purpose in ("claim", "done", "redate", "leave", "graduate")
    },
    "day moved": asked_for("day", "moved", day="2026-09-18"),
    "day stage": asked_for("day", "stage", to_stage="probationary"),
    "day end": asked_for("day", "end", reason="other"),
    **{
        f"day {step}": asked_for("day", "intro", step=step, **STEP)
        for step in ("begin", "meeting", "basics", "opinion", "reviewed", "talk")
    },
    "other_date": asked_for("other_date", "claim"),
    "undo": undo,
    "hand_on": of_talk("hand_on"),
    **{name: of_obstacle(name) for name in ("arranged", "replaced", "moved")},
    "forms_list": lambda *_: Pressed("forms_list", {"step": "receive"}, "forms_summary"),
    "form_press": of_student("form_press", "C3", step="receive", ticked=False),
    "forms_all": lambda *_: Pressed("forms_all", {"step": "hand_out"}, "forms_hand_out"),
    "receipt_day": plain("receipt_day", "C3"),
    "turn": lambda *_: Pressed("turn", {"page": 1}, "C3"),
    "status_page": status_page,
    "export": plain("export"),
    "print_forms": plain("print_forms"),
    "status_list": of_branch("status_list", "status_branch", listing="not_talked"),
    "status_list_at": of_branch("status_list_at", "status_list", kind="status_list", page=1),
    "person_card": of_student("person_card"),
    "card_turn": of_student("card_turn", whole=True),
    "assign_card": of_student("assign_card"),
    "assign_branch": of_branch("assign_branch", "assign_branches"),
    "assign_all": of_branch("assign_all", "B2b", in_args=False),
    "assign_each": of_branch("assign_each", "B2b", in_args=False),
    "assign_yes": of_branch(
        "assign_yes", "assign_one", in_args=False, named=("student", "mentors")
    ),
    "assign_other": of_branch("assign_other", "assign_one", in_args=False, named=("student",)),
    "assign_skip": of_branch("assign_skip", "assign_one", in_args=False, named=("student",)),
    "assign_change": of_pairing("assign_change"),
    "assign_add": of_student("assign_add"),
    "assign_pick": of_branch("assign_pick", "assign_choose", in_args=False, named=("mentor",)),
    "assign_page": of_branch("assign_page", "assign_choose", in_args=False, page=2),
    "assign_later": of_branch("assign_later", "B2b", in_args=False),
    "plan_page": lambda *_: Pressed("plan_page", {"page": 1}, "plan", {"since": "2026-09-15"}),
    "shortfalls": of_branch("shortfalls", "status_branch"),
    "shortfalls_page": of_branch("shortfalls_page", "shortfalls_branch", in_args=False, page=2),
    "stage_open": of_student("stage_open"),
    "stage_anyway": of_student("stage_anyway", to_stage="probationary", on="2026-09-14"),
    "leave_open": of_student("leave_open"),
    "end_open": of_pairing("end_open"),
    "end_reason": of_pairing("end_reason", "ask_end_reason", reason="other"),
    "acts": of_student("acts"),
    "acts_page": of_student("acts_page", "acts", page=1),
    "pause_open": of_student("pause_open"),
    "pause_reason": of_student("pause_reason", "ask_pause_reason", reason="other"),
    "pause_end": of_student("pause_end"),
    "day pause": asked_for("day", "pause", reason="other", day="2026-10-18"),
    "proxy_talk": of_student("proxy_talk"),
    "proxy_pick": of_pairing("proxy_pick", "proxy_which", of="half_year"),
    "day proxy_talk": asked_for("day", "proxy_talk", of="half_year"),
    "act_form": of_student("act_form"),
    "act_form_step": of_student("act_form_step", "act_form", step="record"),
    "day act_form": asked_for("day", "act_form", step="receive", form=1),
    "correct": of_student("correct"),
    "redate_talk": of_talk("redate_talk"),
    "void_talk": of_talk("void_talk"),
    "redate_form": of_student("redate_form", "correct_what"),
    "void_form": of_student("void_form", "correct_what"),
    "day redate_talk": redating,
    "day redate_form": asked_for("day", "redate_form", day="2026-09-14"),
    "proxy_consent": of_student("proxy_consent"),
    "proxy_consent_pick": of_pairing("proxy_consent_pick", of="half_year"),
    "invite_one": of_student("invite_one"),
    "mentor_card": of_mentor("mentor_card", "mentor"),
    "invite_one mentor": of_mentor("invite_one", "student"),
    "account_move mentor": of_mentor("account_move", "student"),
    "invite_revoke": of_student("invite_revoke"),
    "invite_all": of_branch("invite_all", "status_list"),
    "invite_all_yes": of_branch("invite_all_yes", "ask_invite_all"),
    **{
        name: lambda *_, action=name: Pressed(action, {"upload": 1, "shown": ""}, "roster_found")
        for name in ("roster_apply", "roster_drop")
    },
    "account_move": of_student("account_move"),
    "account_move_yes": of_student("account_move_yes", "ask_account_move"),
    "exempt": of_student("exempt", item="talk", relief="released"),
    "mydata_page": lambda *_: Pressed("mydata_page", {"kind": "mydata", "page": 1}, "mydata"),
    "data_correct": plain("data_correct", "mydata"),
    "data_erase": plain("data_erase", "mydata"),
    "notice_agree": lambda *_: Pressed(
        "notice_agree", {"version": "1"}, "notice_changed", {"version": "1"}
    ),
    "data_done": wished("data_done"),
    "data_refuse": wished("data_refuse"),
    "act_cancel": cancelling,
    "dates_card": plain("dates_card", "plan"),
    "dates_ask": lambda *_: Pressed("dates_ask", {"what": "rest"}, "dates_card"),
    "dates_pick": lambda *_: Pressed("dates_pick", {"week1": "2026-09-14"}, "term_not_monday"),
    "dates_hours": lambda *_: Pressed("dates_hours", {"opens": "08:00", "closes": "21:00"}),
    "dates_yes": plain("dates_yes", "arrangement_preview", **DAY_OFF),
    "dates_no": plain("dates_no", "arrangement_preview", **DAY_OFF),
    "dates_remove": lambda *_: Pressed("dates_remove", {"arrangement": 1}, "dates_card"),
    "dates_complete": lambda *_: Pressed("dates_complete", {"year": 2031}, "dates_card"),
    "plan": plain("plan"),
    "graduate_open": of_branch("graduate_open", "person_card"),
    "graduate_toggle": of_branch(
        "graduate_toggle", "graduate_pick", in_args=False, named=("tapped",)
    ),
    "graduate_page": of_branch("graduate_page", "graduate_pick", in_args=False, page=1),
    "graduate_chosen": of_branch("graduate_chosen", "graduate_pick", in_args=False),
    "guide_page": lambda *_: Pressed("guide_page", {"page": "guide_weeks"}, "guide_weeks"),
    "check_opinion": plain("check_opinion"),
    "opinion_about": of_student("opinion_about", "opinion_whom"),
    "intro_open": of_student("intro_open", "intro_list"),
    "intro_pick": lambda *_: Pressed("intro_pick", {"step": "meeting"}, "intro_list"),
    "intro_toggle": of_student("intro_toggle", "intro_pick_meeting", step="meeting"),
    "intro_chosen": of_branch("intro_chosen", "intro_pick_meeting", in_args=False, step="meeting"),
    "intro_basics": of_student("intro_basics", "intro_own"),
    **{
        f"intro_step {step}": asked_for("intro_step", "intro", step=step)
        for step in ("meeting", "reviewed", "basics", "opinion")
    },
    "intro_opinion": asked_for("intro_opinion", "intro"),
    "intro_consent": asked_for("intro_consent", "intro", consent=True),
    "intro_decide": of_student("intro_decide", "intro_card", decision="deferred"),
    "intro_probation": of_student("intro_probation", "intro_list"),
    "intro_extend": of_student("intro_extend", "intro_probation", months=6),
}
