"""Who answers a claim: a mentor has one live list with buttons; without account the secretary is asked (B8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot import college
from bot.actions.own_talks import owed_in, talk_at
from bot.actions.say import redraw, strip, tell
from bot.desk import Desk
from storage.records import Duty, Pairing, PersonId, Row, RowState, Talk, TalkState

LISTS = ("T9", "T2", "T10")  # the messages that carry a row of buttons per claim
EDITED_WITHIN = timedelta(
    minutes=1
)  # PRODUCT § 3: sent this recently, it is edited, not sent anew
# A row that was cancelled, or may not have arrived, shows nobody anything.
_SHOWN = frozenset({RowState.PENDING, RowState.SENDING, RowState.SENT})


def waiting(desk: Desk, mentor: PersonId) -> list[Talk]:
    """Return the claims that this mentor has still to answer, by the student's number."""
    if desk.term() is None:
        return []
    charges = college.charges(desk.store, desk.store.people[mentor], desk.today())
    talks = (talk_at(desk, one) for one in owed_in(desk, charges))
    return [talk for talk in talks if talk and talk.state is TalkState.CLAIMED]


def live(desk: Desk, mentor: PersonId) -> Row | None:
    """Return the row of the list whose buttons count."""
    return _latest(desk, mentor, LISTS)


def _latest(desk: Desk, person: PersonId, kinds: tuple[str, ...]) -> Row | None:
    rows = (row for kind in kinds for row in desk.store.outbox.where("live", (person, kind)))
    return max((row for row in rows if row.state in _SHOWN), key=lambda row: row.id, default=None)


def ask(desk: Desk, pairing: Pairing, talk: Talk) -> None:
    """Put a new claim before the mentor, or, where the mentor has no account, the secretaries."""
    if college.is_enrolled(desk.store, pairing.mentor):
        show(desk, pairing.mentor, asked=talk)
        return
    for row in _asked_instead(desk, pairing, talk):
        strip(desk, row)
    branch = desk.store.people[pairing.student].branch
    for secretary in college.holders(desk.store, Duty.SECRETARY, branch):
        tell(desk, secretary.id, "B8", {"talk": talk.id}, about=(pairing.student,), live=True)


def follow(desk: Desk, pairing: Pairing, talk: Talk) -> None:
    """Bring whatever asks about the talk up to date: it was answered, or taken back."""
    show(desk, pairing.mentor)
    for row in _asked_instead(desk, pairing, talk):
        redraw(desk, row)


def _asked_instead(desk: Desk, pairing: Pairing, talk: Talk) -> list[Row]:
    """Return the B8s of that talk that have left; one that has not is read when it leaves."""
    branch = desk.store.people[pairing.student].branch
    return [
        row
        for secretary in college.holders(desk.store, Duty.SECRETARY, branch)
        for row in desk.store.outbox.where("live", (secretary.id, "B8"))
        if row.args["talk"] == talk.id and row.sent is not None
    ]


def show(desk: Desk, mentor: PersonId, *, asked: Talk | None = None) -> None:
    """Bring the mentor's list up to date; ``asked``: a claim that is new, so that the list is sent afresh."""
    row = live(desk, mentor)
    if asked is None:
        if row is not None and row.state is not RowState.PENDING:
            redraw(desk, row)
        return
    if row is not None and (row.sent is None or desk.now() - row.sent < EDITED_WITHIN):
        talks = [*row.args.get("talks", []), asked.id]
        if row.state is RowState.PENDING:  # what it shows is read when it leaves
            desk.store.outbox.put(replace(row, args={**row.args, "talks": talks}))
        else:
            redraw(desk, row, talks=talks)
        return
    replace_live(desk, mentor)
    talks = [talk.id for talk in waiting(desk, mentor)]
    tell(desk, mentor, "T9", {"talks": talks}, live=True)


def replace_live(desk: Desk, mentor: PersonId) -> None:
    """Take the buttons off the list that is about to be replaced."""
    row = live(desk, mentor)
    if row is not None and row.sent is not None:
        strip(desk, row)
