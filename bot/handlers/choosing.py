"""Choosing one mentor: candidates as buttons, a typed name, and a written reason where the rules want one."""

from __future__ import annotations

from typing import Any

from bot.actions import pair, question
from bot.actions.assigner import require_assigner
from bot.actions.pair import Wish
from bot.actions.say import redraw, tell
from bot.handlers import proposals
from bot.handlers.reasons import typed_reason
from bot.handlers.turn import Turn
from bot.refusal import Refusal
from bot.rules import mentor_plan, names
from bot.rules.claims import clauses
from bot.rules.mentor_plan import Charge
from bot.rules.typed import fold
from bot.rules.utterance import Intent, understand
from storage.records import Kind, PairingId, Person, PersonId, Role, Row, RowId, Stage

Args = dict[str, Any]
MENTOR, REASON = "assign_mentor", "assign_reason"  # what a question waits for


def change(turn: Turn, args: Args) -> None:
    """更换: another mentor instead of this one."""
    pairing = turn.desk.store.pairings[PairingId(args["pairing"])]
    if pairing.until is not None:
        raise Refusal("assign_changed", students=[pairing.student])
    student = turn.desk.store.people[pairing.student]
    offer(turn, None, student, pairing.role, instead=pairing.id)


def add(turn: Turn, args: Args) -> None:
    """增加: one more mentor, as what the student lacks or may have."""
    student = turn.desk.store.people[PersonId(args["student"])]
    charge = Charge(student, turn.desk.store.branches[student.branch])
    role, _ = mentor_plan.lacking(charge)
    offer(turn, None, student, role)


def offer(
    turn: Turn,
    row: Row | None,
    student: Person,
    role: Role,
    *,
    instead: int | None = None,
    queue: list[int] | None = None,
) -> None:
    """Show the candidates: in ``row``, or as a new message; the next text may be a name.

    ``queue``: the walk that goes on behind the choice.
    """
    recipe = {
        "student": student.id,
        "role": str(role),
        "instead": instead,
        "queue": queue,
        "page": 1,
    }
    if row is None:
        shown = tell(turn.desk, turn.who.id, "assign_choose", recipe)
    else:
        shown = row
        redraw(turn.desk, row, kind="assign_choose", **recipe)
    if shown is not None:
        question.ask(turn.desk, turn.who.id, MENTOR, {"row": shown.id})


def turn_page(turn: Turn, args: Args) -> None:
    redraw(turn.desk, turn.pressed, page=args["page"])


def picked(turn: Turn, args: Args) -> None:
    """A tap on a candidate, or on one of the people whom a typed name may mean."""
    row = turn.row if "row" not in args else turn.desk.store.outbox.get(RowId(args["row"]))
    if row is None or row.kind != "assign_choose":
        raise Refusal("stale_button")
    _choose(turn, row, turn.desk.store.people[PersonId(args["mentor"])])


def _wish(turn: Turn, row: Row, mentor: Person) -> Wish:
    store = turn.desk.store
    instead = row.args.get("instead")
    return Wish(
        store.people[PersonId(row.args["student"])],
        mentor,
        Role(row.args["role"]),
        None if instead is None else store.pairings[PairingId(instead)],
    )


def _choose(turn: Turn, row: Row, mentor: Person) -> None:
    wish = _wish(turn, row, mentor)
    require_assigner(turn.desk, turn.who, wish.student)
    warnings = pair.require_allowed(turn.desk, wish)
    if warnings:
        said = {"student": wish.student.id, "mentor": mentor.id, "warnings": list(warnings)}
        turn.reply("assign_reason", **said)
        asked = {"row": row.id, "mentor": mentor.id}
        question.ask(turn.desk, turn.who.id, REASON, asked)
        return
    _begin(turn, row, wish, None)


def _begin(turn: Turn, row: Row, wish: Wish, why: str | None) -> None:
    first = pair.begin(turn.desk, turn.who, wish, why)
    question.forget(turn.desk, turn.who.id)
    said = {"student": wish.student.id, "mentor": wish.mentor.id, "role": str(wish.role)}
    turn.reply("assign_set", **said, act=first.batch)
    if row.args.get("queue") is None:
        redraw(turn.desk, row, kind="assign_chosen")
    else:
        proposals.walk_on(turn, row, row.args["queue"])


def took(turn: Turn) -> bool:
    """Take the text if it answers our question for a mentor or a reason; False: it means something else."""
    asked = question.open_question(turn.desk, turn.who.id) if turn.private else None
    if asked is None or asked.action not in {MENTOR, REASON}:
        return False
    meant = understand(turn.text, turn.said_at.date()).intent
    is_mentor = asked.action == MENTOR
    if meant in {Intent.COMMAND, Intent.UNDO} or (is_mentor and meant is not Intent.UNCLEAR):
        return False
    row = turn.desk.store.outbox.get(RowId(asked.args["row"]))
    if row is None or row.kind != "assign_choose":
        return False
    turn.admit("assign_pick")
    if is_mentor:
        return _named(turn, row)
    _reasoned(turn, row, turn.desk.store.people[PersonId(asked.args["mentor"])])
    return True


def _reasoned(turn: Turn, row: Row, mentor: Person) -> None:
    _begin(turn, row, _wish(turn, row, mentor), typed_reason(turn))


def _named(turn: Turn, row: Row) -> bool:
    """Find the typed name: first among those who may be chosen, then among all who could be meant.

    False: nobody, and 好的 or 谢谢 was not meant as a name.
    """
    student = turn.desk.store.people[PersonId(row.args["student"])]
    fit, others = _searched(turn, student)
    found = names.find(turn.text, fit)
    if not found.exact:
        wider = names.find(turn.text, others)
        found = wider if wider.exact or not found.near else found
    if len(found.exact) == 1:
        _choose(turn, row, found.exact[0])
        return True
    near = found.exact or found.near
    if not near and not clauses(fold(turn.text)):
        return False
    if not near:
        raise Refusal("assign_mentor_unknown", name=turn.text)
    turn.reply(
        "assign_which",
        name=turn.text,
        is_exact=bool(found.exact),
        choices=[one.id for one in near],
        then="assign_pick",
        row=row.id,
    )
    return True


def _searched(turn: Turn, student: Person) -> tuple[list[Person], list[Person]]:
    """Return the full members of the own and the paired branches, and whoever else may be typed."""
    store = turn.desk.store
    home = store.branches[student.branch]
    paired = {home.id, *home.paired}
    here = [one for one in store.people if one.left is None and one.id != student.id]
    fit = [one for one in here if one.branch in paired and one.stage is Stage.FULL]
    others = [one for one in here if one.branch == home.id or one.kind is Kind.TEACHER]
    return fit, others
