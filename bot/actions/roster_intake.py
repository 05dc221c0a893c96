"""A roster taken in, and told to whoever it concerns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot import college
from bot.actions import roster
from bot.actions.paired import tell_of_new_pairings
from bot.actions.roster_report import Report
from bot.actions.say import MENU, tell
from bot.desk import Desk
from storage.records import PersonId
from storage.workbook_rows import Fault, Roster


def take_in(
    desk: Desk,
    rows: Roster,
    faults: Sequence[Fault] = (),
    *,
    remove_missing: bool = False,
    by: PersonId | None = None,
) -> Report:
    """Import what a workbook said, and tell whoever it concerns; a first import tells nobody.

    Inside the caller's transaction. ``by``: who did it in chat; None: the command line.
    """
    earlier = {pairing.id for pairing in desk.store.pairings}
    is_first = not len(desk.store.people)
    roles = _roles(desk)
    report = roster.apply(
        desk.store, rows, faults, at=desk.now(), remove_missing=remove_missing, by=by
    )
    if report.accepted and not is_first:
        begun = [pairing for pairing in desk.store.pairings if pairing.id not in earlier]
        tell_of_new_pairings(desk, begun)
        _renew_menus(desk, roles)
    return report


def _roles(desk: Desk) -> dict[PersonId, tuple[str, ...]]:
    """Return what everybody with an account is to the bot today."""
    store, today = desk.store, desk.today()
    enrolled = [one.person for one in store.accounts if one.until is None]
    return {one: college.roles(store, store.people[one], today) for one in enrolled}


def _renew_menus(desk: Desk, before: Mapping[PersonId, tuple[str, ...]]) -> None:
    """The commands of whoever has got or lost a duty; a menu is no right, but it should not mislead."""
    for person, roles in _roles(desk).items():
        if roles != before.get(person):
            tell(desk, person, MENU)
