"""A pressed button: found by its token, checked against the one who presses, then done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.handlers import (
    about,
    acting,
    assignments,
    card_form,
    choosing,
    claims,
    consents,
    consents_for,
    correcting,
    days,
    desk_work,
    exemptions,
    graduation,
    guide,
    introduction_steps,
    introductions,
    invites,
    mentor,
    office_dates,
    opinion,
    own_data,
    papers,
    pauses,
    plan,
    proposals,
    reasons,
    secretary,
    shortfalls,
    stages,
    status,
    student,
    uploads,
)
from bot.handlers.turn import Turn
from bot.refusal import Denied, Refusal
from storage.records import Button, TalkKind

# What each button does. `access.TABLE` says who may.
BUTTONS: dict[str, Callable[[Turn, dict[str, Any]], None]] = {
    "talked": student.talked_button,
    "cannot_reach": student.cannot_reach,
    "not_yet": student.not_yet,
    "did_not_talk": student.did_not_talk,
    "pick_mentor": student.picked_mentor,
    "both_mentors": student.picked_mentor,
    "change_date": student.change_date,
    "day": days.pressed,
    "other_date": days.other,
    "undo": about.pressed_undo,
    "confirm": claims.confirmed,
    "deny": claims.denied,
    "wrong_date": claims.wrong_date,
    "done_tick": mentor.ticked,
    "done_day": mentor.list_day,
    "pick_student": mentor.picked_student,
    "pick_kind": student.picked_kind,
    "pick_done_kind": mentor.picked_kind,
    "none_of_these": mentor.none_of_these,
    "hand_on": secretary.hand_on,
    "arranged": secretary.arranged,
    "replaced": secretary.replaced,
    "exempt": exemptions.asked,
    "moved": secretary.moved,
    "forms_list": desk_work.open_list,
    "form_press": desk_work.pressed_name,
    "forms_all": desk_work.all_at_once,
    "receipt_day": desk_work.receipt_day,
    "turn": desk_work.turn_page,
    "status_page": status.turn_page,
    "status_list": status.open_list,
    "status_list_at": status.turn_list,
    "person_card": status.open_card,
    "card_turn": status.turn_card,
    "acts": status.open_acts,
    "acts_page": status.turn_acts,
    "proxy_talk": acting.open_talk,
    "proxy_pick": acting.picked_talk,
    "proxy_consent": consents_for.opened,
    "proxy_consent_pick": consents_for.picked,
    "act_form": card_form.opened,
    "act_form_step": card_form.step,
    "correct": correcting.opened,
    "redate_talk": correcting.ask_talk_day,
    "void_talk": correcting.ask_why_void_talk,
    "redate_form": correcting.ask_form_day,
    "void_form": correcting.ask_why_void_form,
    "act_cancel": reasons.cancelled,
    "assign_card": assignments.opened,
    "stage_open": stages.open_stage,
    "stage_anyway": stages.anyway,
    "leave_open": stages.open_leave,
    "graduate_open": graduation.open_list,
    "graduate_toggle": graduation.toggle,
    "graduate_page": graduation.turn_page,
    "graduate_chosen": graduation.chosen,
    "end_open": stages.open_end,
    "end_reason": stages.end_reason,
    "mentor_card": invites.mentor_card,
    "invite_one": invites.one,
    "invite_revoke": invites.revoke,
    "invite_all": invites.everybody,
    "invite_all_yes": invites.everybody_anyway,
    "account_move": invites.open_move,
    "account_move_yes": invites.move,
    "pause_open": pauses.open_pause,
    "pause_reason": pauses.chose_reason,
    "pause_end": pauses.resume,
    "assign_branch": assignments.opened_branch,
    "assign_later": assignments.later,
    "assign_all": proposals.all_at_once,
    "assign_each": proposals.one_by_one,
    "assign_yes": proposals.accepted,
    "assign_skip": proposals.skipped,
    "assign_other": proposals.another,
    "assign_change": choosing.change,
    "assign_add": choosing.add,
    "assign_pick": choosing.picked,
    "assign_page": choosing.turn_page,
    "shortfalls": shortfalls.opened,
    "shortfalls_page": shortfalls.turn_page,
    "agree": consents.agreed,
    "agree_all": consents.agreed_to_all,
    "decline": consents.declined,
    "advised": mentor.advised,
    "export": papers.export,
    "mydata_page": own_data.turn_page,
    "data_correct": own_data.correct,
    "data_erase": own_data.erase,
    "data_done": own_data.done,
    "data_refuse": own_data.refuse,
    "notice_agree": own_data.agree,
    "print_forms": papers.print_forms,
    "plan": plan.plan,
    "plan_page": plan.turn_page,
    "dates_card": office_dates.card,
    "dates_ask": office_dates.ask,
    "dates_pick": office_dates.picked,
    "dates_hours": office_dates.hours,
    "dates_yes": office_dates.confirmed,
    "dates_no": office_dates.given_up,
    "dates_remove": office_dates.removed,
    "dates_complete": office_dates.completed,
    "guide_page": guide.turn_page,
    "check_opinion": opinion.asked,
    "opinion_about": opinion.picked,
    "roster_apply": uploads.applied,
    "roster_drop": uploads.dropped,
    "intro_open": introductions.open_card,
    "intro_step": introductions.ask_step,
    "intro_basics": introductions.basics_filled,
    "intro_pick": introductions.pick,
    "intro_toggle": introductions.toggle,
    "intro_chosen": introductions.chosen,
    "intro_opinion": introduction_steps.opinion_written,
    "intro_consent": introduction_steps.answered,
    "intro_decide": introduction_steps.decided,
    "intro_probation": introductions.open_probation,
    "intro_extend": introduction_steps.extended,
}

# What belongs to no round: a way to the meeting, a consent, R25's opinion, a roster, how to write may be
# asked in one round and answered in the next. Buttons of these beginnings count on.
OUTLASTS = (
    "mydata",
    "data",
    "notice",
    "intro",
    "agree",
    "decline",
    "advised",
    "guide",
    "check_opinion",
    "opinion_about",
    "plan",
    "dates",
    "roster",
)


def pressed(turn: Turn, token: str) -> None:
    """Do what the button says, if it is this person's and still counts."""
    button = turn.desk.store.buttons.one("token", token)
    if button is None or turn.desk.now() >= button.expires:
        raise Refusal("stale_button")
    if button.person != turn.who.id:
        raise Denied("foreign_button")
    turn.row = turn.desk.store.outbox.get(button.row)
    shown = {} if turn.row is None else turn.row.args
    turn.admit(button.action, {**shown, **button.args})
    if _is_of_an_earlier_round(turn, button):
        raise Refusal("stale_button")
    BUTTONS[button.action](turn, dict(button.args))


def _is_of_an_earlier_round(turn: Turn, button: Button) -> bool:
    """What a message asked in one round is not answered in the next."""
    term = turn.desk.term()
    is_earlier = term is not None and turn.row is not None and turn.row.created < term.opened
    return is_earlier and not button.action.startswith(OUTLASTS) and not _is_of_a_way(turn, button)


def _is_of_a_way(turn: Turn, button: Button) -> bool:
    """Whether it is about the talk of an introduction, which belongs to no round either."""
    talk = turn.desk.store.talks.get(button.args.get("talk", 0))
    return talk is not None and talk.kind is TalkKind.INTRODUCTION
