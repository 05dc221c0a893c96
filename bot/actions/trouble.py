"""What did not arrive, or could not be handled, is told to whoever can do something: once a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot import college
from bot.actions.gather import gather
from bot.actions.say import WORDLESS
from bot.desk import Desk
from storage.records import Duty, Kind, Person, PersonId, Row, RowState

UNREACHED = "unreached"  # who has to be told by word of mouth
UNHANDLED = "unhandled"  # something in the bot needs an eye
PURGED = "purge_done"  # how many are no longer kept


def missed(desk: Desk, row: Row) -> None:
    """That row has not arrived, or may not have: the secretary is told of whom it was for.

    Nobody hears of the loss of an edit, a menu, or of this very notice.
    """
    if row.to is not None and row.kind not in WORDLESS and row.kind != UNREACHED:
        _tell_of(desk, row.to)


def lost(desk: Desk, chat: int) -> None:
    """Whoever that private chat is with has blocked the bot, or is gone.

    What waits for them is cancelled and nothing more is put on the way until they write again;
    the secretary is told once. What they were to be told of others goes to the next in charge.
    """
    account = desk.store.accounts.one("telegram", chat)
    if account is not None and account.reachable:
        desk.store.accounts.put(replace(account, reachable=False))
        _tell_of(desk, account.person)
    for row in desk.store.outbox.where("chat_state", (chat, RowState.PENDING)):
        desk.store.outbox.put(replace(row, state=RowState.CANCELLED, reason="unreachable"))
        if row.kind == UNREACHED:
            for one in row.about:
                _tell_of(desk, one)


def unhandled(desk: Desk) -> None:
    """An update was given up or could not be read: the office hears that there was one."""
    for one in _heard(desk, desk.store.people.where("duty", Duty.OFFICE)):
        gather(desk, one.id, UNHANDLED)


def purged(desk: Desk, count: int) -> None:
    """So many people are no longer kept: the office hears the number, which leads to nobody."""
    if not count:
        return
    for one in _heard(desk, desk.store.people.where("duty", Duty.OFFICE)):
        gather(desk, one.id, PURGED, count=count, day=desk.today().isoformat())


def in_charge(desk: Desk, person: Person) -> list[Person]:
    """Return the secretaries who have to do with that person; where none can be told, the office."""
    store = desk.store
    branches = [person.branch]
    if store.branches[person.branch].kind is Kind.TEACHER:
        charges = college.charges(store, person, desk.today())
        branches = [store.people[pairing.student].branch for pairing in charges]
    secretaries = [
        one
        for branch in dict.fromkeys(branches)
        for one in college.duty_holders(store, Duty.SECRETARY, branch)
    ]
    office = store.people.where("duty", Duty.OFFICE)
    others = ([one for one in group if one.id != person.id] for group in (secretaries, office))
    return next((found for group in others if (found := _heard(desk, group))), [])


def _tell_of(desk: Desk, person: PersonId) -> None:
    for one in in_charge(desk, desk.store.people[person]):
        gather(desk, one.id, UNREACHED, about=(person,))


def _heard(desk: Desk, people: Iterable[Person]) -> list[Person]:
    """Return those of them whom a message can reach."""
    accounts = ((one, college.account_of(desk.store, one.id)) for one in people)
    return [one for one, account in accounts if account is not None and account.reachable]
