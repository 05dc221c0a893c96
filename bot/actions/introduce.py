"""The steps on a candidate's way to the meeting (R43–R47): one transaction each, who and when in the deeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from bot import path as ways
from bot.actions import deed, introduction_news
from bot.actions.introduction_cards import follow
from bot.actions.own_talks import running_term
from bot.actions.stage import change_stage
from bot.desk import Desk
from bot.refusal import Refusal
from bot.rules import introduction as rules
from bot.rules import probation as probation_rules
from bot.rules.introduction import Introducer, Path, Trouble
from storage.records import (
    Decision,
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
    running_term(desk)  # without a round no talk can be recorded and no reminder leaves
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
    found = path.introduction
    _refuse_again(found.basics, day)
    return _put(desk, by.id, "intro_basics", found, replace(found, basics=day))


def _refuse_again(noted: date | None, day: date) -> None:
    """Refuse what is noted of that very day: said twice, it would unsay what came after it."""
    if noted == day:
        raise Refusal("intro_step_same", day=day.isoformat())


def set_meeting(desk: Desk, secretary: Person, paths: Sequence[Path], day: date) -> Deed:
    """The meeting is fixed or moved; candidates and introducers are told (S18, T18). All or none.

    Whoever has that day already stays as is; refused where that is everybody.
    """
    for path in paths:
        _refuse(path, rules.meeting_trouble(day, desk.today()))
    changed = [path for path in paths if path.meeting != day]
    if paths and not changed:
        students = [path.introduction.student for path in paths]
        raise Refusal("intro_meeting_same", students=students, day=day.isoformat())
    first: Deed | None = None
    for path in changed:
        found = path.introduction
        after = replace(found, meeting=day)
        noted = _put(desk, secretary.id, "intro_meeting", found, after, batch=first)
        first = first or noted
    if first is None:
        raise Refusal("intro_nobody")
    introduction_news.meeting_set(desk, changed)
    return first


def write_opinion(desk: Desk, by: Person, path: Path, one: Introducer, day: date) -> Deed:
    """An introducer's opinion is written on paper (R30); an answer given before goes with it no more."""
    _refuse(path, rules.day_trouble(path, day, desk.today()))
    _refuse_again(one.written, day)
    opinion = replace(_blank(desk, path, one), written=day, consent=None, proxy=False)
    return _put_opinion(desk, by.id, "intro_opinion", one.opinion, opinion)


def answer(
    desk: Desk,
    by: Person,
    path: Path,
    one: Introducer,
    *,
    consent: bool,
    why: str | None = None,
) -> Deed:
    """愿意 or 暂不, as the opinion says (A20). 暂不 shuts the gate and is told to the secretary only (B7).

    ``why``: given where the secretary records it for the introducer.
    """
    if one.written is None:
        _refuse(path, Trouble.NOT_WRITTEN)
    proxy = by.id != one.mentor
    opinion = replace(_blank(desk, path, one), consent=consent, proxy=proxy)
    noted = _put_opinion(desk, by.id, "intro_consent", one.opinion, opinion, why)
    if not consent:
        introduction_news.refused(desk, path, one.mentor)
    return noted


def record_review(desk: Desk, secretary: Person, path: Path, day: date) -> Deed:
    """The branch has found consent and content in order (R46, R47): a human's word, never ours."""
    _refuse(path, rules.review_trouble(path, day, desk.today()))
    found = path.introduction
    after = replace(found, reviewed=day, reviewer=secretary.id, reviewed_at=desk.now())
    return _put(desk, secretary.id, "intro_reviewed", found, after)


def decide(desk: Desk, secretary: Person, path: Path, decision: Decision) -> Deed:
    """What the meeting came to; only behind an open gate (R47). Nobody is told: that is for people to say.

    接收: 预备党员 from the day of the meeting (A1). 暂缓: another meeting, after another review.
    """
    _refuse(path, rules.decision_trouble(path, desk.today()))
    found = path.introduction
    if decision is Decision.DEFERRED:
        after = replace(
            found,
            decision=decision,
            meeting=None,
            reviewed=None,
            reviewer=None,
            reviewed_at=None,
        )
        return _put(desk, secretary.id, "intro_decision", found, after)
    after = replace(found, decision=decision, closed=desk.today())
    noted = _put(desk, secretary.id, "intro_decision", found, after)
    if decision is Decision.ACCEPTED:
        student, day = desk.store.people[found.student], found.meeting or desk.today()
        change_stage(desk, student, Stage.PROBATIONARY, day, secretary.id, batch=noted)
    introduction_news.ended(desk, found.student)
    return noted


def extend(desk: Desk, secretary: Person, student: Person, months: int) -> Deed:
    """The 预备期 is extended, once (细则). Who came with the roster gets a record for it."""
    if student.stage is not Stage.PROBATIONARY or student.left is not None:
        raise Refusal("intro_over")
    if not probation_rules.may_extend(ways.extension(desk, student.id), months):
        raise Refusal("intro_extended_already", student=student.id)
    earlier = desk.store.introductions.where("student", student.id)
    accepted = [one for one in earlier if one.decision is Decision.ACCEPTED]
    if accepted:
        found = accepted[-1]
        after = replace(found, extended=months)
        return _put(desk, secretary.id, "intro_extended", found, after)
    kept = desk.store.introductions.add(
        Introduction(
            student=student.id,
            review=None,
            meeting=student.stage_since,
            decision=Decision.ACCEPTED,
            closed=desk.today(),
            extended=months,
        )
    )
    return deed.record(desk, "intro_extended", secretary.id, about=student.id, after=kept)


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
    what: str,
    before: Introduction,
    after: Introduction,
    *,
    batch: Deed | None = None,
) -> Deed:
    desk.store.introductions.put(after)
    student = before.student
    noted = deed.record(desk, what, by, about=student, before=before, after=after, batch=batch)
    follow(desk, student)
    return noted


def _blank(desk: Desk, path: Path, one: Introducer) -> Opinion:
    return one.opinion or Opinion(
        introduction=path.introduction.id, pairing=one.pairing, recorded=desk.now()
    )


def _put_opinion(
    desk: Desk,
    by: PersonId,
    what: str,
    before: Opinion | None,
    opinion: Opinion,
    why: str | None = None,
) -> Deed:
    changed = replace(opinion, recorded=desk.now())
    after = desk.store.opinions.put(changed) if before else desk.store.opinions.add(changed)
    student = desk.store.introductions[after.introduction].student
    noted = deed.record(desk, what, by, about=student, before=before, after=after, why=why)
    follow(desk, student)
    return noted
