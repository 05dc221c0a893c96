"""Binding a chat group to a branch (/link), and following what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot import college
from bot.actions import deed
from bot.actions.say import tell
from bot.desk import Desk
from bot.refusal import Denied, Refusal
from storage.records import Branch, Duty, Person, Row, RowState


def bind(desk: Desk, secretary: Person, chat: int, thread: int | None) -> Branch:
    """Bind the group to the secretary's own student branch; the group it had before is told.

    A branch has one group, but several branches may share one.
    """
    branch = desk.store.branches[secretary.branch]
    if not college.is_secretary(desk.store, secretary):
        raise Denied("link_not_secretary")
    if branch.chat == chat and branch.thread == thread:
        raise Refusal("link_already", branch=branch.name)
    deed.record(desk, "link", secretary.id)
    bound = desk.store.branches.put(replace(branch, chat=chat, thread=thread))
    if branch.chat is not None and branch.chat != chat:
        _move(desk, branch, bound)
    return bound


def _move(desk: Desk, before: Branch, after: Branch) -> None:
    """Tell the old group, and send to the new one what is still on its way."""
    old, now = before.chat or 0, desk.now()
    for waiting in desk.store.outbox.where("chat_state", (old, RowState.PENDING)):
        if waiting.reminder and waiting.args.get("branch_id") == before.id:
            row = replace(waiting, chat=after.chat or 0, thread=after.thread)
            desk.store.outbox.put(row)
    desk.store.outbox.add(
        Row(
            kind="link_moved",
            chat=old,
            to=None,
            args={"branch_id": before.id},
            due=now,
            created=now,
            thread=before.thread,
        )
    )


def others(desk: Desk, branch: Branch) -> list[str]:
    """Return the names of the other branches that share its group."""
    sharing = desk.store.branches.where("chat", branch.chat)
    return [one.name for one in sharing if one.id != branch.id]


def unbind(desk: Desk, chat: int) -> None:
    """The bot is no longer in that group: nothing more goes there, and who can mend it is told."""
    for branch in desk.store.branches.where("chat", chat):
        desk.store.branches.put(replace(branch, chat=None, thread=None))
        deed.record(desk, "unlink", None)
        _tell_of(desk, branch, "link_lost")
    for row in desk.store.outbox.where("chat_state", (chat, RowState.PENDING)):
        desk.store.outbox.put(replace(row, state=RowState.CANCELLED, reason="left the group"))


def unsaid(desk: Desk, row: Row) -> None:
    """Its totals will never arrive there: the bot may not write, or the topic is closed."""
    for branch in desk.store.branches.where("chat", row.chat):
        if row.reminder and row.args.get("branch_id") == branch.id:
            _tell_of(desk, branch, "link_silent")


def _tell_of(desk: Desk, branch: Branch, kind: str) -> None:
    """Tell the branch's secretary; where there is none, the office."""
    secretaries: Iterable[Person] = college.duty_holders(desk.store, Duty.SECRETARY, branch.id)
    for one in secretaries or desk.store.people.where("duty", Duty.OFFICE):
        tell(desk, one.id, kind, {"branch_id": branch.id})


def follow(desk: Desk, old: int, new: int) -> None:
    """A group has become a supergroup: its branches and whatever waits for it move along."""
    for branch in desk.store.branches.where("chat", old):
        desk.store.branches.put(replace(branch, chat=new))
    for waiting in desk.store.outbox.where("chat_state", (old, RowState.PENDING)):
        desk.store.outbox.put(replace(waiting, chat=new))


def leave_topic(desk: Desk, chat: int, thread: int) -> None:
    """That topic of the group is gone: whatever goes there goes to General from now on."""
    for branch in desk.store.branches.where("chat", chat):
        if branch.thread == thread:
            desk.store.branches.put(replace(branch, thread=None))
    for waiting in desk.store.outbox.where("chat_state", (chat, RowState.PENDING)):
        if waiting.thread == thread:
            desk.store.outbox.put(replace(waiting, thread=None))
