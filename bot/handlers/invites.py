"""未开通: links for people without account, from a student's card and from the list."""

from __future__ import annotations

from typing import Any

from bot.actions import invites, rebind
from bot.actions.assigner import require_branch
from bot.actions.say import strip
from bot.handlers.stages import student_at
from bot.handlers.turn import Turn
from storage.records import BranchId

Args = dict[str, Any]


def one(turn: Turn, args: Args) -> None:
    """开通链接: a new link, in a message that can be forwarded as it is."""
    invites.send(turn.desk, student_at(turn, args), turn.who)


def revoke(turn: Turn, args: Args) -> None:
    """作废链接: what was handed out opens nothing any more."""
    student = student_at(turn, args)
    invites.revoke(turn.desk, student, turn.who)
    turn.reply("invite_revoked", student=student.id)


def everybody(turn: Turn, args: Args) -> None:
    """全部重发: asks first where somebody holds a link that still opens."""
    branch = require_branch(turn.desk, turn.who, BranchId(args["branch_id"]))
    if invites.with_link(turn.desk, invites.not_enrolled(turn.desk, branch)):
        turn.reply("ask_invite_all", branch_id=branch.id)
    else:
        invites.send_all(turn.desk, branch, turn.who)


def everybody_anyway(turn: Turn, args: Args) -> None:
    """重发: the running links die."""
    branch = require_branch(turn.desk, turn.who, BranchId(args["branch_id"]))
    invites.send_all(turn.desk, branch, turn.who)
    if turn.row is not None:
        strip(turn.desk, turn.row)


def open_move(turn: Turn, args: Args) -> None:
    """换账号: asks first, for it can't be taken back."""
    student = student_at(turn, args)
    rebind.require_movable(turn.desk, student, turn.who)
    turn.reply("ask_account_move", student=student.id)


def move(turn: Turn, args: Args) -> None:
    """确认换账号: the old account is told, and a link for another one follows."""
    rebind.move(turn.desk, student_at(turn, args), turn.who)
    if turn.row is not None:
        strip(turn.desk, turn.row)
