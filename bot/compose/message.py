"""One row composed: the facts of its kind, the words, the buttons. None where its subject is closed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.actions.remind import DIGEST
from bot.compose import (
    acting,
    acts,
    advice,
    assignments,
    branches,
    consents,
    digest_ways,
    forms,
    graduation,
    guide,
    introduction_cards,
    introduction_status,
    introductions,
    invitations,
    mentor_card,
    mentors,
    notices,
    office_dates,
    opinion,
    own_data,
    papers,
    person,
    plan,
    probation,
    receipts,
    shortfalls,
    status,
    status_lists,
    students,
    trouble,
    uploads,
)
from bot.compose.papers import FILES, Attachment
from bot.compose.presses import Press, Rows, standing, within
from bot.compose.reading import Reading
from bot.desk import Desk
from bot.rules.audience import still_open
from bot.rules.cadence import DEFAULT
from bot.rules.dated import KINDS as DATED
from bot.situation import situation
from messages import render
from messages.catalogue import Catalogue
from messages.invitations import Code
from messages.lengths import CAPTION_UNITS, MESSAGE_UNITS
from messages.picture import Picture
from messages.render import Said, TooLongError
from storage.records import Row

__all__ = ["Message", "Press", "compose", "is_late"]

JOINT = 2  # units between two paragraphs of a digest
REMINDERS = frozenset({*DEFAULT.slots, *DATED, "T10"})
BUILDERS = (
    advice.BUILDERS
    | students.BUILDERS
    | mentors.BUILDERS
    | mentor_card.BUILDERS
    | branches.BUILDERS
    | status.BUILDERS
    | status_lists.BUILDERS
    | forms.BUILDERS
    | receipts.BUILDERS
    | guide.BUILDERS
    | opinion.BUILDERS
    | own_data.BUILDERS
    | notices.BUILDERS
    | papers.BUILDERS
    | office_dates.BUILDERS
    | plan.BUILDERS
    | introductions.BUILDERS
    | introduction_cards.BUILDERS
    | introduction_status.BUILDERS
    | probation.BUILDERS
    | trouble.BUILDERS
    | person.BUILDERS
    | assignments.BUILDERS
    | consents.BUILDERS
    | graduation.BUILDERS
    | shortfalls.BUILDERS
    | invitations.BUILDERS
    | acting.BUILDERS
    | acts.BUILDERS
    | uploads.BUILDERS
)
BUTTONS = (
    advice.BUTTONS
    | students.BUTTONS
    | mentors.BUTTONS
    | mentor_card.BUTTONS
    | branches.BUTTONS
    | digest_ways.BUTTONS
    | status.BUTTONS
    | status_lists.BUTTONS
    | forms.BUTTONS
    | receipts.BUTTONS
    | guide.BUTTONS
    | opinion.BUTTONS
    | own_data.BUTTONS
    | notices.BUTTONS
    | person.BUTTONS
    | plan.BUTTONS
    | office_dates.BUTTONS
    | introductions.BUTTONS
    | introduction_cards.BUTTONS
    | probation.BUTTONS
    | assignments.BUTTONS
    | consents.BUTTONS
    | graduation.BUTTONS
    | shortfalls.BUTTONS
    | invitations.BUTTONS
    | acting.BUTTONS
    | acts.BUTTONS
    | uploads.BUTTONS
)


@dataclass(frozen=True, slots=True)
class Message:
    """Finished HTML and its buttons; of a file it is what stands under it.

    A picture has its own words, for which there is less room; where it can't be drawn, the text goes out.
    ``protected``: it names others to who answers for them, so Telegram lets nobody forward or save it.
    """

    text: str
    buttons: Rows
    picture: Picture | Code | None = None
    caption: str = ""
    file: Attachment | None = None
    protected: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    said: Said
    buttons: Rows
    protected: bool
    picture: Picture | Code | None = None
    caption: str = ""


def compose(desk: Desk, catalogue: Catalogue, row: Row) -> Message | None:
    """Return what the row says now; None: nothing is left to say."""
    if row.kind == DIGEST:
        return _digest(desk, catalogue, row)
    part = _part(desk, catalogue, row)
    if part is None:
        return None
    file = _file(desk, catalogue, row)
    # A file was asked for, to be kept.
    protected = part.protected and file is None
    rows = within(part.buttons)
    return Message(part.said.text, rows, part.picture, part.caption, file, protected)


def _file(desk: Desk, catalogue: Catalogue, row: Row) -> Attachment | None:
    attached = FILES.get(row.kind)
    return None if attached is None else attached(Reading(desk, catalogue, row))


def is_late(desk: Desk, catalogue: Catalogue, row: Row) -> bool:
    """Whether the row would still have something to say, if only its time had not run out."""
    until = row.args.get("until")
    if until is None or desk.now() < datetime.fromisoformat(until):
        return False
    args = {name: value for name, value in row.args.items() if name != "until"}
    return compose(desk, catalogue, replace(row, args=args)) is not None


def _digest(desk: Desk, catalogue: Catalogue, row: Row) -> Message | None:
    """Join the parts; where they are too long together, each has its share and shorter lists."""
    kinds = row.args["kinds"]
    for limit in (MESSAGE_UNITS, MESSAGE_UNITS // len(kinds) - JOINT):
        parts = [_part(desk, catalogue, replace(row, kind=kind), limit) for kind in kinds]
        kept = [part for part in parts if part is not None]
        if not kept:
            return None
        text = render.join([part.said for part in kept]).text
        if render.utf16_length(render.plain(text)) <= MESSAGE_UNITS:
            break
    rows = within([line for part in kept for line in part.buttons])
    return Message(text, rows, protected=any(part.protected for part in kept))


def _part(desk: Desk, catalogue: Catalogue, row: Row, limit: int = MESSAGE_UNITS) -> _Part | None:
    if row.reminder and row.kind in REMINDERS and row.sent is None:
        about = _still_about(desk, row)
        if about is not None and not about:
            return None
        row = row if about is None else replace(row, about=about)
    reading = Reading(desk, catalogue, row)
    facts = facts_of(reading)
    if facts is None:
        return None
    picture = facts.pop("picture", None)
    kind = facts.pop("kind", row.kind)
    said = render.render(catalogue, kind, facts, limit=limit)
    buttons = BUTTONS.get(row.kind)
    rows = standing(reading, said.buttons) if buttons is None else buttons(reading)
    protected = reading.names_others and not catalogue.entries[kind].forward
    if picture is None:
        return _Part(said, rows, protected)
    try:
        caption = render.render(catalogue, kind, facts, limit=CAPTION_UNITS)
    except TooLongError:  # only in full, then
        return _Part(said, rows, protected)
    return _Part(said, rows, protected, picture, caption.text)


def facts_of(reading: Reading) -> dict[str, Any] | None:
    """Return everything the message of this kind may use; None: its subject is closed."""
    builder = BUILDERS.get(reading.row.kind)
    if builder is None:
        return reading.base()
    own = builder(reading)
    return None if own is None else reading.base() | own


def _still_about(desk: Desk, row: Row) -> tuple[Any, ...] | None:
    """Return of whom a reminder still has something to say; None: it is not asked again.

    Lapsed usefulness closes it as well: a reminder that waited out an outage is not sent late.
    """
    term = desk.term()
    until = row.args.get("until")
    if term is None or (until and desk.now() >= datetime.fromisoformat(until)):
        return ()
    if row.to is None:
        return None
    students_asked = [desk.store.people[one] for one in row.about]
    view = situation(desk, term, students_asked)
    return still_open(view, row.kind, row.to, row.about, desk.now())
