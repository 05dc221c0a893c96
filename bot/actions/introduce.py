"""The steps on a candidate's way to the meeting (R43–R47): one transaction each, who and when in the deeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from bot import path as ways
from bot.actions import deed, introduction_news
from bot.actions.introduction_cards import follow
from bot.desk import Desk
from bot.refusal import Refusal
from bot.rules import introduction as rules
from bot.rules.introduction import Introducer, Path, Trouble
from storage.records import (
    Deed,
    Introduction,
    Opinion,
    Person,
    PersonId,
    Stage,
    TalkState,
)


def begin(desk: Desk, secretary: Person, students: Sequence[Person], day: date) -> Deed:
    """支部审查会议: the way of these candidates begins; they and their introducers are told (S8, T6).

    All or none; refused with the names of those who stand in the way.
    """
    _require_candidates(desk, secretary, students, day)
    first: Deed | None = None
    for student in students:
        _forget_former_talks(desk, student)
        begun = desk.store.introductions.add(Introduction(student=student.id, review=day))
        noted = deed.record(
            desk, "intro_review", secretary.id, about=student.id, after=begun, batch=first
        )
        first = first or noted
    if first is None:
        raise Refusal("intro_nobody")
    introduction_news.begun(desk, students)
    return first


def _require_candidates(
    desk: Desk, secretary: Person, students: Sequence[Person], day: date
) -> None:
    if day > desk.today():
        raise Refusal("intro_day_future")

    def short(student: Person) -> bool:
        found = ways.introducer_pairings(desk, student, desk.today())
        return len(found) != rules.INTRODUCERS_NEEDED

    hurdles: dict[str, Callable[[Person], bool]] = {
        "intro_not_candidate": lambda one: (
            one.stage is not Stage.CANDIDATE
            or one.left is not None
            or one.branch != secretary.branch
        ),
        "intro_already": lambda one: desk.store.introductions.count("open_student", one.id) > 0,
        "intro_few_introducers": short,
        "intro_review_early": lambda one: one.stage_since is not None and day < one.stage_since,
    }
    for kind, stands_in_the_way in hurdles.items():
        if found := [one.id for one in students if stands_in_the_way(one)]:
            raise Refusal(kind, students=found)


def _forget_former_talks(desk: Desk, student: Person) -> None:
    """A way begun anew asks for talks of its own; the former ones stay in the deeds."""
    for pairing in desk.store.pairings.where("student", student.id):
        talk = ways.introduction_talk(desk, pairing)
        if talk is not None and talk.state is not TalkState.NONE:
            blank = replace(talk, state=TalkState.NONE, day=None, proxy=False)
            after = desk.store.talks.put(blank)
            deed.record(desk, "begun_anew", None, about=student.id, before=talk, after=after)


def fill_basics(desk: Desk, by: Person, path: Path, day: date) -> Deed:
    """The basics of the 志愿书 are filled (R44): the student says so, or the secretary for one without account."""
    _refuse(path, rules.day_trouble(path, day, desk.today()))
    return _put(desk, by.id, path.introduction, "intro_basics", basics=day)


def set_meeting(desk: Desk, secretary: Person, paths: Sequence[Path], day: date) -> Deed:
    """The meeting is fixed or moved; candidates and introducers are told (S18, T18). All or none."""
    for path in paths:
        _refuse(path, rules.meeting_trouble(day, desk.today()))
    first: Deed | None = None
    for path in paths:
        noted = _put(
            desk, secretary.id, path.introduction, "intro_meeting", batch=first, meeting=day
        )
        first = first or noted
    if first is None:
        raise Refusal("intro_nobody")
    introduction_news.meeting_set(desk, paths)
    return first


def write_opinion(desk: Desk, by: Person, path: Path, one: Introducer, day: date) -> Deed:
    """An introducer's opinion is written on paper (R30); an answer given before goes with it no more."""
    _refuse(path, rules.day_trouble(path, day, desk.today()))
    return _put_opinion(desk, by.id, path, one, "intro_opinion", written=day, consent=None)


def answer(desk: Desk, by: Person, path: Path, one: Introducer, *, consent: bool) -> Deed:
    """愿意 or 暂不, as the opinion says (A20). 暂不 shuts the gate and is told to the secretary only (B7)."""
    if one.written is None:
        _refuse(path, Trouble.NOT_WRITTEN)
    noted = _put_opinion(desk, by.id, path, one, "intro_consent", consent=consent)
    if not consent:
        introduction_news.refused(desk, path, one.mentor)
    return noted


def record_review(desk: Desk, secretary: Person, path: Path, day: date) -> Deed:
    """The branch has found consent and content in order (R46, R47): a human's word, never ours."""
    _refuse(path, rules.review_trouble(path, day, desk.today()))
    return _put(
        desk,
        secretary.id,
        path.introduction,
        "intro_reviewed",
        reviewed=day,
        reviewer=secretary.id,
        reviewed_at=desk.now(),
    )


def _refuse(path: Path, trouble: Trouble | None) -> None:
    """Raise the sentence for what is in the way, if anything is."""
    student = path.introduction.student
    meeting = path.meeting and path.meeting.isoformat()
    match trouble:
        case Trouble.SHUT:
            raise Refusal("B4", student=student)
        case Trouble.NOT_BEFORE_MEETING | Trouble.MEETING_AHEAD:
            raise Refusal(f"intro_{trouble}", student=student, day=meeting)
        case Trouble.BEFORE_CANDIDATE:
            since = path.since and path.since.isoformat()
            raise Refusal("intro_before_candidate", day=since)
        case Trouble.FUTURE:
            raise Refusal("intro_day_future")
        case Trouble():
            raise Refusal(f"intro_{trouble}", student=student)


def _put(
    desk: Desk,
    by: PersonId,
    found: Introduction,
    what: str,
    *,
    batch: Deed | None = None,
    **changed: object,
) -> Deed:
    after = desk.store.introductions.put(replace(found, **changed))  # type: ignore[arg-type]  # names are checked by replace
    noted = deed.record(
        desk, what, by, about=found.student, before=found, after=after, batch=batch
    )
    follow(desk, found.student)
    return noted


def _put_opinion(
    desk: Desk, by: PersonId, path: Path, one: Introducer, what: str, **changed: object
) -> Deed:
    before = one.opinion
    blank = Opinion(introduction=path.introduction.id, pairing=one.pairing, recorded=desk.now())
    changed["recorded"] = desk.now()
    opinion = replace(before or blank, **changed)  # type: ignore[arg-type]  # names are checked by replace
    after = desk.store.opinions.put(opinion) if before else desk.store.opinions.add(opinion)
    student = path.introduction.student
    noted = deed.record(desk, what, by, about=student, before=before, after=after)
    follow(desk, student)
    return noted
