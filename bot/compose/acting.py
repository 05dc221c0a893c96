"""What the secretary may do for others on a student's card: its buttons, and the questions behind them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot import college
from bot.compose.presses import Press, Rows, in_rows, named
from bot.compose.reading import Reading
from bot.compose.students import still
from storage.records import PairingId, PersonId, TalkKind, TalkState

Facts = dict[str, Any] | None
TALKS = {TalkKind.HALF_YEAR: "half_year_talk", TalkKind.INTRODUCTION: "introduction_talk"}


def card_rows(reading: Reading) -> Rows:
    """Return the row of the card: what the secretary does for others, and 记录 for the office too."""
    student = reading.desk.store.people[PersonId(reading.row.args["student"])]
    is_own = student.branch == reading.reader.branch and student.left is None
    acts = is_own and college.is_secretary(reading.desk.store, reading.reader)
    names = [*(FOR_OTHERS if acts else ()), "acts"]
    return in_rows([named(reading, name, name, {"student": student.id}) for name in names], 3)


FOR_OTHERS = ("proxy_talk",)


def _which_talk(reading: Reading) -> Rows:
    """Return a button per talk, named by the mentor, and by its kind where both are open."""
    owed = [(PairingId(one), TalkKind(of)) for one, of in reading.row.args["talks_owed"]]
    several = len({of for _, of in owed}) > 1
    presses = []
    for pairing, of in owed:
        who = reading.named(reading.desk.store.pairings[pairing].mentor)
        args = {"pairing": pairing, "of": of}
        presses.append(
            named(reading, TALKS[of], "proxy_pick", args, who)
            if several
            else Press(who.titled, "proxy_pick", args)
        )
    return in_rows(presses)


BUILDERS: dict[str, Callable[[Reading], Facts]] = {
    "proxy_student": still(TalkState.CONFIRMED),
    "proxy_mentor": still(TalkState.CONFIRMED),
}
BUTTONS: dict[str, Callable[[Reading], Rows]] = {"proxy_which": _which_talk}
