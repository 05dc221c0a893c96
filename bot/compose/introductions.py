"""What is read on a candidate's way to the meeting: news, reminders, and a card for each side."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from bot import college
from bot import path as ways
from bot.compose.presses import Press, Rows, in_rows, named
from bot.compose.reading import Reading
from bot.rules import introduction as rules
from bot.rules import probation as probation_rules
from bot.rules.introduction import Introducer, Path
from messages import render
from messages.facts import Candidate, IntroducerLine, Lacking, Named, Probation
from storage.records import Decision, Person, PersonId, Stage, TalkState

Facts = dict[str, Any] | None
OVER: dict[str, Any] = {"kind": "intro_over"}


@dataclass(frozen=True, slots=True)
class Way:
    """One open way as this reader is shown it."""

    reading: Reading
    path: Path

    @property
    def student(self) -> PersonId:
        return self.path.introduction.student

    def own(self) -> list[Introducer]:
        """Return the reader's place among the introducers; empty: none."""
        reader = self.reading.reader.id
        return [one for one in self.path.introducers if one.mentor == reader]

    def open_talks(self) -> list[Named]:
        return self.reading.all_named(rules.candidate_lacks(self.path).talks)

    def candidate(self, missing: tuple[str, ...] = (), *, gate: bool = False) -> Candidate:
        found = rules.lacks(self.path) if gate else ()
        return Candidate(
            student=self.reading.named(self.student),
            meeting=self.path.meeting,
            missing=missing,
            lacking=tuple(
                Lacking(
                    part=one.part,
                    mentor=None if one.mentor is None else self.reading.named(one.mentor),
                    refused=one.refused,
                )
                for one in found
            ),
        )

    def card(self) -> dict[str, Any]:
        """Return the dates that every side may see."""
        found = self.path.introduction
        return {"review": found.review, "meeting": found.meeting, "basics": found.basics}

    def line(self, one: Introducer) -> IntroducerLine:
        return IntroducerLine(
            mentor=self.reading.named(one.mentor),
            state=one.talk.state if one.talk else TalkState.NONE,
            day=one.talk.day if one.talk else None,
            written=one.written,
            consent=one.consent,
        )


def _way(reading: Reading, student: PersonId) -> Way | None:
    path = ways.open_path(reading.desk, student)
    return None if path is None else Way(reading, path)


def way_of(reading: Reading) -> Way | None:
    """Return the way of the one student the row is about; None: it is over."""
    return _way(reading, PersonId(reading.row.args["student"]))


def _ways(reading: Reading) -> list[Way]:
    found = (_way(reading, one) for one in reading.row.about)
    return [one for one in found if one is not None]


def _about_one(build: Callable[[Way], Facts]) -> Callable[[Reading], Facts]:
    """Return a builder that says so where the way is over: at once, or in place of what stood there."""

    def facts(reading: Reading) -> Facts:
        way = way_of(reading)
        if way is not None:
            return build(way)
        return None if reading.row.sent is None and reading.row.live is False else dict(OVER)

    return facts


def _begun(way: Way) -> Facts:
    found = way.path.introduction
    mentors = way.reading.all_named(ways.people_on(way.path))
    return {"day": found.review, "meeting": found.meeting, "mentors": mentors}


def _to_introducer(reading: Reading) -> Facts:
    found = _ways(reading)
    if not found:
        return None
    store = reading.desk.store
    home = store.people[found[0].student].branch
    return {
        "students": [reading.named(way.student) for way in found],
        "meeting": found[0].path.meeting,
        "no_vote": reading.desk.settings.outside_introducers_do_not_vote
        and reading.reader.branch != home,
    }


def _own_missing(way: Way) -> Facts:
    lacking = rules.candidate_lacks(way.path)
    if way.path.meeting is None or not lacking:
        return None
    return {"meeting": way.path.meeting, "basics": lacking.basics, "mentors": way.open_talks()}


def _ask_candidate(reading: Reading) -> Facts:
    way = _way(reading, reading.reader.id)
    return None if way is None else _own_missing(way)


def unfinished(reading: Reading) -> list[Way]:
    """Return the ways in the row on which this introducer still has something to do."""
    reader = reading.reader.id
    return [
        way
        for way in _ways(reading)
        if way.path.meeting and rules.introducer_lacks(way.path, reader)
    ]


def _ask_introducer(reading: Reading) -> Facts:
    found = unfinished(reading)
    if not found:
        return None if reading.row.sent is None else {"kind": "intro_all_set"}
    reader = reading.reader.id
    return {
        "candidates": [way.candidate(rules.introducer_lacks(way.path, reader)) for way in found]
    }


def _shut(reading: Reading) -> Facts:
    """B4: of the candidates in the row, or of the one for whom the gate was tried."""
    tried = "student" in reading.row.args
    found = [way_of(reading)] if tried else _ways(reading)
    lines = [way.candidate(gate=True) for way in found if way and rules.lacks(way.path)]
    return {"candidates": lines} if lines else None


def _review_due(way: Way) -> Facts:
    is_due = rules.waits_for_review(way.path)
    return {"meeting": way.path.meeting} if is_due else None


def _to_talk_over(way: Way) -> Facts:
    mentor = way.reading.row.args["mentor"]
    refused = any(one.mentor == mentor and one.consent is False for one in way.path.introducers)
    return {} if refused else None


def _meeting_to_candidate(way: Way) -> Facts:
    return {"mentors": way.open_talks()}


def _meeting_to_introducer(reading: Reading) -> Facts:
    reader = reading.reader.id
    own = [rules.introducer_lacks(way.path, reader) for way in _ways(reading)]
    return {"talks_open": any("intro_talk" in missing for missing in own)}


def _attitude(way: Way) -> Facts:
    waits = any(one.written and one.consent is None for one in way.own())
    return {} if waits else dict(OVER)


def _secretary_card(way: Way) -> Facts:
    found = way.path.introduction
    return {
        **way.card(),
        "introducers": [way.line(one) for one in way.path.introducers],
        "reviewed": found.reviewed,
        "decision": found.decision and Decision(found.decision),
        "candidate": way.candidate(gate=True),
        "notes": [str(note) for note in rules.notes(way.path)],
    }


def _candidate_card(way: Way) -> Facts:
    lacking = rules.candidate_lacks(way.path)
    lines = [
        IntroducerLine(mentor=line.mentor, state=line.state, day=line.day)
        for line in map(way.line, way.path.introducers)
    ]
    missing = ("intro_talk",) if lacking else ()
    return {**way.card(), "introducers": lines, "candidate": way.candidate(missing)}


def _introducer_card(way: Way) -> Facts:
    if not way.own():
        return dict(OVER)
    missing = rules.introducer_lacks(way.path, way.reading.reader.id)
    lines = [way.line(one) for one in way.own()]
    return {**way.card(), "introducers": lines, "candidate": way.candidate(missing)}


def _probations(reading: Reading, people: Iterable[Person]) -> list[Probation]:
    """Return those of them who are 预备党员 and whose day of stage is known, with the last day."""
    return [
        Probation(
            student=reading.named(one.id),
            day=probation_rules.last_day(one.stage_since, ways.extension(reading.desk, one.id)),
        )
        for one in people
        if one.stage is Stage.PROBATIONARY and one.stage_since is not None
    ]


def _ending(reading: Reading) -> Facts:
    people = [reading.desk.store.people[one] for one in reading.row.about]
    found = _probations(reading, people)
    return {"probations": found} if found else None


def _list(reading: Reading) -> Facts:
    found = [Way(reading, one) for one in ways.paths(reading.desk, reading.reader.branch)]
    return {
        "candidates": [way.candidate(gate=True) for way in found],
        "probations": _probations(
            reading, college.students(reading.desk.store, reading.reader.branch)
        ),
    }


def _picked(reading: Reading) -> Facts:
    return {"students": reading.all_named(reading.row.args.get("picked", []))}


BUILDERS: dict[str, Callable[[Reading], Facts]] = {
    "S8": _about_one(_begun),
    "S9": _ask_candidate,
    "S18": _about_one(_meeting_to_candidate),
    "T6": _to_introducer,
    "T8": _ask_introducer,
    "T13": _about_one(_attitude),
    "T16": _ending,
    "T18": _meeting_to_introducer,
    "B4": _shut,
    "B5": _about_one(_review_due),
    "B7": _about_one(_to_talk_over),
    "intro_list": _list,
    "intro_card": _about_one(_secretary_card),
    "intro_own": _about_one(_candidate_card),
    "intro_mine": _about_one(_introducer_card),
    "intro_pick_begin": _picked,
    "intro_pick_meeting": _picked,
}


def _basics_button(reading: Reading, way: Way | None) -> Rows:
    if way is None or way.path.introduction.basics is not None:
        return []
    return [[named(reading, "basics_filled", "intro_basics", {"student": way.student})]]


def _begun_rows(reading: Reading) -> Rows:
    return _basics_button(reading, _way(reading, reading.reader.id))


def _candidate_rows(reading: Reading) -> Rows:
    way = way_of(reading)
    rows = _basics_button(reading, way)
    if way is not None and rules.candidate_lacks(way.path).talks:
        rows.append([named(reading, "talked", "talked", {})])
    return rows


def _write_rows(reading: Reading) -> Rows:
    """Return 意见已写 for each candidate whose opinion is to be written, or 愿意 and 暂不."""
    found = unfinished(reading)
    rows: Rows = []
    for way in found:
        who = reading.named(way.student) if len(found) > 1 else None
        rows += [_opinion_row(reading, way, one, who) for one in way.own()]
    return [row for row in rows if row]


def _opinion_row(reading: Reading, way: Way, one: Introducer, who: Named | None) -> list[Press]:
    args = {"student": way.student, "pairing": one.pairing}
    if one.written is None:
        return [named(reading, "opinion_written", "intro_opinion", args, who)]
    if one.consent is None:
        return [
            named(reading, "willing", "intro_consent", {**args, "consent": True}, who),
            named(reading, "unwilling", "intro_consent", {**args, "consent": False}, who),
        ]
    return []


def _introducer_rows(reading: Reading) -> Rows:
    way = way_of(reading)
    if way is None:
        return []
    rows: Rows = []
    for one in way.own():
        rows.append(_opinion_row(reading, way, one, None))
        if one.written:
            args = {"student": way.student, "pairing": one.pairing, "step": "opinion"}
            rows.append([named(reading, "change_date", "intro_step", args)])
    return [row for row in rows if row]


def _secretary_rows(reading: Reading) -> Rows:
    way = way_of(reading)
    if way is None:
        return []
    student = {"student": way.student}
    rows = [
        [
            named(reading, "intro_meeting", "intro_step", {**student, "step": "meeting"}),
            named(reading, "intro_reviewed", "intro_step", {**student, "step": "reviewed"}),
        ]
    ]
    if way.path.meeting and way.path.meeting <= reading.today:
        rows.append(
            [
                named(reading, f"intro_{one}", "intro_decide", {**student, "decision": one})
                for one in Decision
            ]
        )
    return [*rows, *_for_those_without_account(reading, way)]


def _for_those_without_account(reading: Reading, way: Way) -> Rows:
    """Return the steps that the secretary records for people who are not enrolled."""
    store = reading.desk.store
    rows: Rows = []
    if not college.is_enrolled(store, way.student):
        rows += _basics_button(reading, way)
    for one in way.path.introducers:
        if not college.is_enrolled(store, one.mentor):
            rows.append(_opinion_row(reading, way, one, reading.named(one.mentor)))
    return [row for row in rows if row]


def _list_rows(reading: Reading) -> Rows:
    found = ways.paths(reading.desk, reading.reader.branch)
    people = [one.introduction.student for one in found]
    cards = in_rows(
        [Press(reading.named(one).label, "intro_open", {"student": one}) for one in people]
    )
    steps = [named(reading, "intro_begin", "intro_pick", {"step": "begin"})]
    if people:
        steps.append(named(reading, "intro_meeting", "intro_pick", {"step": "meeting"}))
    return [*cards, steps]


def eligible_for(reading: Reading, step: str) -> list[PersonId]:
    """Return whom the list of a step for several offers: candidates not yet, or already on the way."""
    desk, branch = reading.desk, reading.reader.branch
    if step == "meeting":
        return [one.introduction.student for one in ways.paths(desk, branch)]
    return [
        one.id
        for one in college.students(desk.store, branch)
        if one.stage is Stage.CANDIDATE and ways.open_introduction(desk, one.id) is None
    ]


def _pick_rows(reading: Reading) -> Rows:
    step, picked = reading.row.args["step"], reading.row.args.get("picked", [])
    presses = []
    for one in eligible_for(reading, step):
        label = reading.named(one).label
        words = render.tick(label) if one in picked else label
        presses.append(Press(words, "intro_toggle", {"student": one}))
    return [*in_rows(presses), [named(reading, "intro_chosen", "intro_chosen", {"step": step})]]


def _attitude_rows(reading: Reading) -> Rows:
    way = way_of(reading)
    return [] if way is None else [_opinion_row(reading, way, one, None) for one in way.own()]


BUTTONS: dict[str, Callable[[Reading], Rows]] = {
    "S8": _begun_rows,
    "S9": _begun_rows,
    "T8": _write_rows,
    "T13": _attitude_rows,
    "intro_list": _list_rows,
    "intro_card": _secretary_rows,
    "intro_own": _candidate_rows,
    "intro_mine": _introducer_rows,
    "intro_pick_begin": _pick_rows,
    "intro_pick_meeting": _pick_rows,
}
