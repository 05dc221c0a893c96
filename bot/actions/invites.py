"""Enrolment links in the secretary's chat: one person's, or those of the whole branch.

What is put on the way names invites, never tokens. A token comes into being when the sender makes the
message: its hash is committed with the claim of the row, before anything is on the wire, and the token
itself lives in that message alone. Made again after a failure or a crash, the message gets a new token
and the earlier one opens nothing; of a message that never leaves no token has ever existed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot import college
from bot.actions import enrol, papers
from bot.actions.say import redraw, tell
from bot.desk import Desk
from bot.refusal import Refusal
from storage.records import Branch, BranchId, Kind, Person

CARD = "invite_card"  # one link, ready to be forwarded
FILE = "invite_file"  # a sheet of links


def send(desk: Desk, person: Person, by: Person) -> None:
    """Put a new link of that person on the way to ``by``; an older one is dead from now on."""
    if college.is_enrolled(desk.store, person.id):
        raise Refusal("invite_enrolled", student=person.id)
    invite = enrol.prepare(desk, person, by.id)
    follow(desk, by)
    until = {"at": invite.expires.isoformat()}
    tell(desk, by.id, "invite_note", {"student": person.id, **until})
    args = {"student": person.id, "invite": invite.id, "branch_id": _sender(desk, person), **until}
    tell(desk, by.id, CARD, args, live=True)


def _sender(desk: Desk, person: Person) -> BranchId:
    """Return the branch in whose name the link is sent: a teacher's is that of the students."""
    held = college.charges(desk.store, person, desk.today())
    is_ours = desk.store.branches[person.branch].kind is Kind.STUDENT
    return person.branch if is_ours or not held else desk.store.people[held[0].student].branch


def revoke(desk: Desk, person: Person, by: Person) -> None:
    """End the person's link. Refusal ``invite_none``: nothing has changed."""
    enrol.revoke(desk, person, by.id)
    follow(desk, by)


def follow(desk: Desk, reader: Person) -> None:
    """Say of the links in the reader's chat which of them are dead by now."""
    for row in desk.store.outbox.where("live", (reader.id, CARD)):
        invite = desk.store.invites.get(row.args["invite"])  # None: purged
        if row.sent is not None and (invite is None or not enrol.is_good(desk, invite)):
            redraw(desk, desk.store.outbox.put(replace(row, live=False)))


def not_enrolled(desk: Desk, branch: Branch) -> list[Person]:
    """Return everybody of the branch without account, of any stage and kind, by number."""
    here = college.members(desk.store, branch.id)
    without = (one for one in here if not college.is_enrolled(desk.store, one.id))
    return sorted(without, key=lambda one: one.number)


def with_link(desk: Desk, people: Sequence[Person]) -> list[Person]:
    """Return those of them in whose hands a link may be that still opens."""
    return [one for one in people if enrol.running(desk, one.id) is not None]


def send_all(desk: Desk, branch: Branch, by: Person) -> None:
    """Put a sheet with a new link for everybody of the branch without account on the way to ``by``."""
    people = not_enrolled(desk, branch)
    if not people:
        raise Refusal("invite_nobody", branch_id=branch.id)
    ids = [enrol.prepare(desk, one, by.id).id for one in people]
    follow(desk, by)
    papers.send(desk, by, FILE, [{"branch_id": branch.id, "invites": ids}])
