"""Binding a chat group to a branch (/link), and letting it go."""

from __future__ import annotations

from dataclasses import replace

from bot import college
from bot.actions import deed
from bot.desk import Desk
from bot.refusal import Denied, Refusal
from storage.records import Branch, Person, RowState


def bind(desk: Desk, secretary: Person, chat: int, thread: int | None) -> Branch:
    """Bind the group to the secretary's own student branch; one branch, one group."""
    branch = desk.store.branches[secretary.branch]
    if not college.is_secretary(desk.store, secretary):
        raise Denied("link_not_secretary")
    holder = desk.store.branches.where("chat", chat)
    if any(other.id != branch.id for other in holder):
        raise Denied("link_other_branch")
    if branch.chat == chat and branch.thread == thread:
        raise Refusal("link_already", branch=branch.name)
    deed.record(desk, "link", secretary.id)
    return desk.store.branches.put(replace(branch, chat=chat, thread=thread))


def unbind(desk: Desk, chat: int) -> None:
    """The bot has left that group: nothing more goes there."""
    for branch in desk.store.branches.where("chat", chat):
        desk.store.branches.put(replace(branch, chat=None, thread=None))
        deed.record(desk, "unlink", None)
    for row in desk.store.outbox.where("chat_state", (chat, RowState.PENDING)):
        desk.store.outbox.put(replace(row, state=RowState.CANCELLED, reason="left the group"))


def follow(desk: Desk, old: int, new: int) -> None:
    """A group has become a supergroup: its branch and whatever waits for it move along."""
    for branch in desk.store.branches.where("chat", old):
        desk.store.branches.put(replace(branch, chat=new))
    for waiting in desk.store.outbox.where("chat_state", (old, RowState.PENDING)):
        desk.store.outbox.put(replace(waiting, chat=new))


def leave_topic(desk: Desk, chat: int) -> None:
    """The topic of that group is gone: whatever goes there goes to General from now on."""
    for branch in desk.store.branches.where("chat", chat):
        desk.store.branches.put(replace(branch, thread=None))
    for waiting in desk.store.outbox.where("chat_state", (chat, RowState.PENDING)):
        desk.store.outbox.put(replace(waiting, thread=None))
