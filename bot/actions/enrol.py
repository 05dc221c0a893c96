"""Enrolment: one invite, one person, one account; no name is said until the second factor is right."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from bot import college
from bot.actions import consent, deed, mentor_list, throttle, welcome
from bot.actions.say import MENU, tell
from bot.desk import Desk
from bot.refusal import Refusal
from storage.records import Account, Invite, Person, PersonId

TRIES = 3
FACTOR_LENGTH = 4  # the last characters of the person's number


def token_hash(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def issue(desk: Desk, people: Iterable[Person]) -> list[tuple[Person, str, Invite]]:
    """Make a new single-use link for each; earlier unused ones of the same person die."""
    prepared = [(person, prepare(desk, person)) for person in people]
    return [(person, cut(desk, invite), invite) for person, invite in prepared]


def prepare(desk: Desk, person: Person, by: PersonId | None = None) -> Invite:
    """Open an invite that has no token yet; earlier unused ones of the same person die."""
    _end_all(desk, person)
    now = desk.now()
    deed.record(desk, "invite", by, about=person.id)
    return desk.store.invites.add(
        Invite(
            person=person.id,
            token_hash=_hash_of_nothing(),
            created=now,
            expires=now + timedelta(hours=desk.settings.invite_hours),
        )
    )


def cut(desk: Desk, invite: Invite) -> str:
    """Return a new token of that invite, of which only the hash is kept. An earlier one opens nothing."""
    token = secrets.token_urlsafe(24)
    desk.store.invites.put(replace(invite, token_hash=token_hash(token), claimed_by=None))
    return token


def _hash_of_nothing() -> str:
    """Return what no token anybody has ever seen amounts to: the key is cut when the link leaves."""
    return token_hash(secrets.token_urlsafe(24))


def running(desk: Desk, person: PersonId) -> Invite | None:
    """Return the person's invite that still opens; None: there is none."""
    found = desk.store.invites.where("person", person)
    return next((one for one in found if is_good(desk, one)), None)


def revoke(desk: Desk, person: Person, by: PersonId) -> None:
    """End the person's link. Refusal ``invite_none``: there is none to end."""
    if running(desk, person.id) is None:
        raise Refusal("invite_none", student=person.id)
    _end_all(desk, person)
    deed.record(desk, "invite_revoked", by, about=person.id)


def _end_all(desk: Desk, person: Person) -> None:
    for old in desk.store.invites.where("person", person.id):
        if old.used is None and old.revoked is None:
            desk.store.invites.put(replace(old, revoked=desk.now()))


def open_link(desk: Desk, telegram: int, hashed: str) -> str:
    """A link was opened: reserve it for this account and ask for the second factor.

    Returns the key of the answer, which is the same for unknown, used, expired and revoked. Refusal
    ``enrol_wait``: the account has failed too often, and nothing is looked up.
    """
    throttle.require_open(desk, telegram)
    invite = desk.store.invites.one("token_hash", hashed)
    holder = college.person_at(desk.store, telegram)
    is_own = invite is not None and holder is not None and invite.person == holder.id
    if not is_own and (invite is None or not is_good(desk, invite)):
        throttle.failed(desk, telegram)
        return "enrol_dead" if holder is None else "enrol_already"
    if holder is not None:
        return "enrol_already" if is_own else "enrol_account_taken"
    if invite is None or college.is_enrolled(desk.store, invite.person):
        return "enrol_person_taken"
    for other in desk.store.invites.where("claimed_by", telegram):
        desk.store.invites.put(replace(other, claimed_by=None))
    return ask(desk, telegram, invite)


def ask(desk: Desk, telegram: int, invite: Invite) -> str:
    """Keep the invite for this account; return the key of the question, which shows today's notice."""
    version = desk.settings.notice.version
    desk.store.invites.put(replace(invite, claimed_by=telegram, notice=version))
    return "enrol_ask"


def is_good(desk: Desk, invite: Invite) -> bool:
    """Whether the link still opens: not used, revoked or expired, and the person is on the roster."""
    person = desk.store.people.get(invite.person)
    return (
        invite.used is None
        and invite.revoked is None
        and desk.now() < invite.expires
        and person is not None
        and person.left is None
    )


def pending(desk: Desk, telegram: int) -> Invite | None:
    """Return the invite for which this account owes the second factor."""
    return next(iter(desk.store.invites.where("claimed_by", telegram)), None)


def answer(desk: Desk, telegram: int, invite: Invite, text: str) -> int | None:
    """Judge the second factor. Returns None if right (the person is enrolled), else the tries left.

    Whoever gives it, below the notice, agrees to that version.
    Refusals ``enrol_wait``, ``enrol_dead``: it was not looked at.
    """
    throttle.require_open(desk, telegram)
    if not is_good(desk, invite):
        raise Refusal("enrol_dead")
    person = desk.store.people[invite.person]
    if _factor(text) != _factor(person.number[-FACTOR_LENGTH:]):
        tries = invite.tries + 1
        dead = desk.now() if tries >= TRIES else None
        desk.store.invites.put(replace(invite, tries=tries, revoked=dead))
        throttle.failed(desk, telegram)
        return TRIES - tries
    _enrol(desk, telegram, invite, person)
    return None


def _factor(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def heard_from(desk: Desk, person: Person) -> None:
    """The person has written in private, and so is not, or no longer, out of reach."""
    account = college.account_of(desk.store, person.id)
    if account is not None and not account.reachable:
        desk.store.accounts.put(replace(account, reachable=True))


def _enrol(desk: Desk, telegram: int, invite: Invite, person: Person) -> None:
    now = desk.now()
    desk.store.invites.put(replace(invite, used=now))
    former = desk.store.accounts.one("telegram", telegram)
    if former is not None:  # of somebody who has left; a person still here was refused
        desk.store.accounts.put(replace(former, until=now))
    desk.store.accounts.add(
        Account(
            person=person.id, telegram=telegram, since=now, notice=invite.notice, notice_at=now
        )
    )
    deed.record(desk, "enrol", person.id, about=person.id)
    tell(desk, person.id, "enrol_done")
    tell(desk, person.id, MENU)
    welcome.into_term(desk, person)
    consent.ask_newcomer(desk, person.id)
    waiting = mentor_list.waiting(desk, person.id)
    if waiting:
        mentor_list.show(desk, person.id, asked=waiting[-1])
