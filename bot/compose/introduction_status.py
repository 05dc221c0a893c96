"""Where the introductions stand, as /status says it: to the candidate, an introducer, the secretary."""

from __future__ import annotations

from collections.abc import Callable

from bot import college
from bot import path as ways
from bot.compose.probation import probations
from bot.compose.reading import Reading
from bot.compose.way import Facts, Way, way_on
from bot.rules import introduction as rules


def _own(reading: Reading) -> Facts:
    """Return what the candidate can still do: never an opinion or a consent."""
    way = way_on(reading, reading.reader.id)
    if way is None:
        return None
    basics = rules.candidate_lacks(way.path).basics
    return {"meeting": way.path.meeting, "basics": basics, "mentors": way.open_talks()}


def _mine(reading: Reading) -> Facts:
    reader = reading.reader
    found = [Way(reading, one) for one in ways.charges_of(reading.desk, reader)]
    return {
        "candidates": [way.candidate(rules.introducer_lacks(way.path, reader.id)) for way in found]
    }


def _branch(reading: Reading) -> Facts:
    """Return who is on the way, and whose 预备期 is over; None: nobody."""
    branch = reading.reader.branch
    found = ways.paths(reading.desk, branch)
    members = probations(reading, college.students(reading.desk.store, branch))
    over = [one for one in members if one.is_over]
    candidates = [Way(reading, one).candidate(gate=True) for one in found]
    return {"candidates": candidates, "probations": over} if candidates or over else None


BUILDERS: dict[str, Callable[[Reading], Facts]] = {
    "status_intro_own": _own,
    "status_intro_mine": _mine,
    "status_intro_branch": _branch,
}
