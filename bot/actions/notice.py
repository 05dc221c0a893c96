"""The notice on personal data: who enrols agrees to it, and a new version is put to everyone once."""

from __future__ import annotations

from dataclasses import replace

from bot import college
from bot.actions import deed
from bot.actions.say import tell
from bot.desk import Desk
from bot.refusal import Refusal
from bot.rules.term import may_send
from bot.settings import Notice
from storage.records import Account, Person, Row, RowState

CHANGED = "notice_changed"
FIRST = Notice().version  # what those have agreed to who enrolled before it was written down


def untold(desk: Desk) -> list[Account]:
    """Return who is still to read the present version: has agreed to another, and can be told now.

    Empty outside the sending hours. Nobody reads one version twice; whom it could not reach is told
    once back.
    """
    if not may_send(desk.now(), desk.calendar, desk.quiet):
        return []
    version, store = desk.settings.notice.version, desk.store
    same = {version, ""} if version == FIRST else {version}
    return [
        one
        for agreed in store.accounts.keys("notice")
        if agreed not in same
        for one in store.accounts.where("notice", agreed)
        if store.people[one.person].left is None
        and _may_leave(one, store.outbox.one("key", _key(version, one)))
    ]


def _key(version: str, account: Account) -> str:
    return f"notice:{version}:{account.person}"


def _may_leave(account: Account, before: Row | None) -> bool:
    return before is None or (before.reason == "unreachable" and before.chat == account.telegram)


def put(desk: Desk, account: Account) -> None:
    """Put the present version on the way to one of the `untold`. Call it inside a transaction."""
    version = desk.settings.notice.version
    key = _key(version, account)
    before = desk.store.outbox.one("key", key)
    if before is None:
        args = {"version": version}
        tell(desk, account.person, CHANGED, args, keys=(key,), reminder=True)
        return
    desk.store.outbox.put(
        replace(before, state=RowState.PENDING, reason=None, attempts=0, due=desk.now())
    )


def agree(desk: Desk, person: Person, version: str) -> None:
    """Note that the person agrees to that version. Refusal ``stale_button``: a newer one holds."""
    account = college.account_of(desk.store, person.id)
    if account is None or version != desk.settings.notice.version:
        raise Refusal("stale_button")
    if account.notice == version:
        return
    desk.store.accounts.put(replace(account, notice=version, notice_at=desk.now()))
    deed.record(desk, "notice", person.id, about=person.id)
