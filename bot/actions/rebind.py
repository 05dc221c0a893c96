"""Moving a person to another account: only through the secretary, and the old account hears of it (X5).

The office moves whoever no one secretary has: mentors, who may have students in several branches, and
who holds a duty; and a student of a branch whose secretary cannot be asked (PRODUCT § 4).
"""

from __future__ import annotations

from dataclasses import replace

from bot import college
from bot.actions import deed, invites, question
from bot.desk import Desk
from bot.refusal import Denied, Refusal
from bot.rules.term import may_send
from storage.records import Duty, Kind, Person, Row, RowState


def require_movable(desk: Desk, person: Person, by: Person) -> None:
    """Refuse where there is no account to leave, one would lock oneself out, or another is to do it."""
    if is_for_the_secretary(desk, person, by):
        raise Denied("account_by_secretary", student=person.id, branch_id=person.branch)
    if college.account_of(desk.store, person.id) is None:
        raise Refusal("account_none", student=person.id)
    if person.id == by.id:
        raise Refusal("account_own")


def is_for_the_secretary(desk: Desk, person: Person, by: Person) -> bool:
    """Whether the person has a secretary to ask, and ``by`` is none of that branch."""
    if person.kind is not Kind.STUDENT or person.duties:
        return False
    secretaries = college.duty_holders(desk.store, Duty.SECRETARY, person.branch)
    can_be_asked = any(college.is_enrolled(desk.store, one.id) for one in secretaries)
    return can_be_asked and by.id not in college.ids(secretaries)


def move(desk: Desk, person: Person, by: Person) -> None:
    """End the account, tell it so, and put a link for another one on the way to ``by``.

    What still waits for the old account is not said to it any more.
    """
    require_movable(desk, person, by)
    store, now = desk.store, desk.now()
    account = store.accounts.where("person", person.id)[0]
    store.accounts.put(replace(account, until=now))
    deed.record(desk, "account_ended", by.id, about=person.id)
    question.forget(desk, person.id)
    desk.drafts.forget_person(person.id)
    for row in store.outbox.where("chat_state", (account.telegram, RowState.PENDING)):
        store.outbox.put(replace(row, state=RowState.CANCELLED, reason="another account"))
    store.outbox.add(
        Row(
            kind="account_moved",
            chat=account.telegram,
            to=None,  # no name is said: it may be anybody's by now
            due=now,
            created=now,
            silent=not may_send(now, desk.calendar, desk.quiet),
        )
    )
    invites.send(desk, person, by)
