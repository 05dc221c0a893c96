"""未开通: links for people without account, from a card and from the list; a mentor's card."""

from __future__ import annotations

from typing import Any

from bot.actions import invites, reads, rebind
from bot.actions.assigner import require_reach
from bot.actions.say import strip
from bot.handlers.turn import Turn
from bot.refusal import Refusal
from storage.records import BranchId, Person, PersonId

Args = dict[str, Any]


def mentor_card(turn: Turn, args: Args) -> None:
    """A mentor's name: the small card, for whoever assigns to one of the mentor's students."""
    show_mentor(turn, turn.desk.store.people[PersonId(args["mentor"])])


def show_mentor(turn: Turn, mentor: Person) -> None:
    """Put the mentor's card into the chat of whoever may give the mentor a link."""
    require_reach(turn.desk, turn.who, mentor)
    reads.note(turn.desk, turn.who, "read_card", mentor.id)
    turn.reply("mentor_card", mentor=mentor.id)


def _whom(turn: Turn, args: Args) -> Person:
    """Return whom the link or the account is of: a student, or a mentor of one."""
    person = turn.desk.store.people[PersonId(args["student"])]
    require_reach(turn.desk, turn.who, person)
    if person.left is not None:
        raise Refusal("leave_gone", students=[person.id])
    return person


def one(turn: Turn, args: Args) -> None:
    """开通链接: a new link, in a message that can be forwarded as it is."""
    invites.send(turn.desk, _whom(turn, args), turn.who)


def revoke(turn: Turn, args: Args) -> None:
    """作废链接: what was handed out opens nothing any more."""
    student = _whom(turn, args)
    invites.revoke(turn.desk, student, turn.who)
    turn.reply("invite_revoked", student=student.id)


def everybody(turn: Turn, args: Args) -> None:
    """全部重发: asks first where somebody holds a link that still opens."""
    branch = turn.desk.store.branches[BranchId(args["branch_id"])]
    if invites.with_link(turn.desk, invites.not_enrolled(turn.desk, branch)):
        turn.reply("ask_invite_all", branch_id=branch.id)
    else:
        invites.send_all(turn.desk, branch, turn.who)


def everybody_anyway(turn: Turn, args: Args) -> None:
    """重发: the running links die; once, lest a second tap kill those that have just been made."""
    branch = turn.desk.store.branches[BranchId(args["branch_id"])]
    invites.send_all(turn.desk, branch, turn.who)
    if turn.row is not None:
        for button in turn.desk.store.buttons.where("row", turn.row.id):
            turn.desk.store.buttons.remove(button.id)
        strip(turn.desk, turn.row)


def open_move(turn: Turn, args: Args) -> None:
    """换账号: asks first, for it can't be taken back."""
    student = _whom(turn, args)
    rebind.require_movable(turn.desk, student, turn.who)
    turn.reply("ask_account_move", student=student.id)


def move(turn: Turn, args: Args) -> None:
    """确认换账号: the old account is told, and a link for another one follows."""
    rebind.move(turn.desk, _whom(turn, args), turn.who)
    if turn.row is not None:
        strip(turn.desk, turn.row)
