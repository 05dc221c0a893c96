"""What the secretary may do for others on a student's card: its buttons, and the questions behind them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot import college
from bot.actions import corrections, form, on_behalf
from bot.compose.forms import OPENERS, TICKS
from bot.compose.presses import Press, Rows, in_rows, named
from bot.compose.reading import Reading
from bot.compose.students import still
from bot.rules import forms as form_rules
from bot.rules import talks as rules
from bot.rules.forms import Step
from bot.rules.talks import Act, Side
from messages.facts import TalkLine
from storage.records import Form, PairingId, Person, PersonId, Talk, TalkKind, TalkState

Facts = dict[str, Any] | None
TALKS = {TalkKind.HALF_YEAR: "half_year_talk", TalkKind.INTRODUCTION: "introduction_talk"}


def card_rows(reading: Reading) -> Rows:
    """Return the row of the card: what the secretary does for others, and 记录 for the office too."""
    student = _student(reading)
    is_own = student.branch == reading.reader.branch and student.left is None
    acts = is_own and college.is_secretary(reading.desk.store, reading.reader)
    asks = on_behalf.consents_to_record, on_behalf.attitudes_to_record
    has_consent = acts and any(ask(reading.desk, student) for ask in asks)
    consent = ("proxy_consent",) if has_consent else ()
    names = [*consent, *(FOR_OTHERS if acts else ()), "acts"]
    return in_rows([named(reading, name, name, {"student": student.id}) for name in names])


FOR_OTHERS = ("proxy_talk", "act_form", "correct")


def _which_talk(reading: Reading) -> Rows:
    """Return a button per talk, named by the mentor, and by its kind where both are open."""
    owed = [(PairingId(one), TalkKind(of)) for one, of in reading.row.args["talks_owed"]]
    several = len({of for _, of in owed}) > 1
    presses = []
    for pairing, of in owed:
        who = reading.named(reading.desk.store.pairings[pairing].mentor)
        args = {"pairing": pairing, "of": of}
        presses.append(
            named(reading, TALKS[of], "proxy_pick", args, who)
            if several
            else Press(who.titled, "proxy_pick", args)
        )
    return in_rows(presses)


def _which_consent(reading: Reading) -> Rows:
    """Return a button per consent, by the mentor, and by what it is about where both are open."""
    asked = [(PairingId(one), TalkKind(of)) for one, of in reading.row.args["consents"]]
    presses = []
    for pairing, of in asked:
        found = reading.desk.store.pairings[pairing]
        name = "opinion" if of is TalkKind.INTRODUCTION else str(found.role)
        who = reading.named(found.mentor)
        args = {"pairing": pairing, "of": of}
        presses.append(named(reading, f"consent_{name}", "proxy_consent_pick", args, who))
    return in_rows(presses, 1)


def _reason(reading: Reading) -> Facts:
    """Return what the reason is asked for, in the words of its button."""
    args = reading.row.args
    return {"words": reading.catalogue.labels[args.get("label", args["act"])]}


def _form(reading: Reading) -> Form:
    return form.current(reading.desk, _student(reading), reading.round)


def _form_facts(reading: Reading) -> Facts:
    now = _form(reading)
    return {
        "form_state": now.state,
        "form_day": form_rules.last_day(now),
        "form_lacks": [str(one) for one in form_rules.ticks_missing(now)],
    }


def _form_rows(reading: Reading) -> Rows:
    """Return the steps that the form waits for."""
    now, student = _form(reading), reading.row.args["student"]
    steps: dict[str, Step] = {**OPENERS, **TICKS}
    presses = [
        named(reading, name, "act_form_step", {"student": student, "step": step})
        for name, step in steps.items()
        if form_rules.waits_for(now, step)
    ]
    return in_rows(presses)


def _student(reading: Reading) -> Person:
    return reading.desk.store.people[PersonId(reading.row.args["student"])]


def _on_record(reading: Reading) -> Facts:
    """Return what is recorded of this round, each with a way to change it."""
    found = corrections.form_on_record(reading.desk, _student(reading))
    lines = [
        TalkLine(
            mentor=reading.named(_mentor(reading, one)),
            state=one.state,
            day=one.day,
            proxy=one.proxy,
            introduction=one.kind is TalkKind.INTRODUCTION,
        )
        for one in corrections.talks_on_record(reading.desk, _student(reading))
    ]
    return {
        "talks": lines,
        "form_state": found and found.state,
        "form_day": found and form_rules.last_day(found),
    }


def _mentor(reading: Reading, talk: Talk) -> PersonId:
    return reading.desk.store.pairings[talk.pairing].mentor


def _correcting(reading: Reading) -> Rows:
    student, rows = _student(reading), []
    talks = corrections.talks_on_record(reading.desk, student)
    for one in talks:
        who = reading.named(_mentor(reading, one)) if len(talks) > 1 else None
        of = "intro_" if one.kind is TalkKind.INTRODUCTION else ""
        args = {"talk": one.id}
        row = [named(reading, f"void_{of}talk", "void_talk", args, who)]
        if rules.after(Side.SECRETARY, Act.CORRECT, one.state) is not None:
            row.insert(0, named(reading, f"redate_{of}talk", "redate_talk", args, who))
        rows.append(row)
    if corrections.form_on_record(reading.desk, student) is not None:
        names = ("redate_form", "void_form")
        rows.append([named(reading, name, name, {"student": student.id}) for name in names])
    return rows


BUILDERS: dict[str, Callable[[Reading], Facts]] = {
    "act_reason": _reason,
    "act_form": _form_facts,
    "correct_what": _on_record,
    "proxy_student": still(TalkState.CONFIRMED),
    "proxy_mentor": still(TalkState.CONFIRMED),
}
BUTTONS: dict[str, Callable[[Reading], Rows]] = {
    "proxy_which": _which_talk,
    "proxy_consent_which": _which_consent,
    "act_form": _form_rows,
    "correct_what": _correcting,
}
