"""What the rules of reminding are told: a round, its people, and where each student stands.

Built from the store by the caller. A situation may be partial: to ask again about one message it
is enough to give the students whom that message is about.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.rules import pause as pause_rules
from bot.rules.cadence import DEFAULT, Cadence
from bot.rules.dated import Dated
from bot.rules.talks import in_force, mentors_in_charge, state_in_round, takes_part
from bot.rules.term import Quiet
from storage.records import (
    BranchId,
    Calendar,
    Exemption,
    Form,
    FormState,
    Item,
    Obstacle,
    Pairing,
    Pause,
    Person,
    PersonId,
    Role,
    Stage,
    Talk,
    TalkId,
    TalkState,
    TermId,
    Windows,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """All that decides when slots fall: nothing about people."""

    windows: Windows
    calendar: Calendar = field(default_factory=Calendar)
    quiet: Quiet = field(default_factory=Quiet)
    cadence: Cadence = DEFAULT


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingClaim:
    """A talk that the student has claimed and this mentor has not answered; recorded ``at``."""

    talk: TalkId
    mentor: PersonId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentFacts:
    """Where one student stands in the round; full members and people who have left have no facts.

    ``mentors`` are those in charge today, in order (A7, A24); ``state`` is the best of the talks
    (A11); ``introducers`` counts those in force. ``obstacle``: a 约不上老师 is open.
    ``exempt``: overdue items that were released or put off, of which nobody is reminded.
    ``asked``: the pairings whose mentor has been asked for consent and has not agreed (A20).
    ``pause``: the last one, over or not.
    """

    id: PersonId
    branch: BranchId
    stage: Stage
    takes_part: bool = True
    mentors: tuple[PersonId, ...] = ()
    introducers: int = 0
    state: TalkState = TalkState.NONE
    claims: tuple[WaitingClaim, ...] = ()
    form: FormState = FormState.NOT_HANDED_OUT
    signed: bool = False
    opinion: bool = False
    obstacle: bool = False
    asked: tuple[Pairing, ...] = ()
    pause: Pause | None = None
    exempt: frozenset[Item] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchFacts:
    """Who acts for a student branch. ``group``: a chat group is bound to it."""

    id: BranchId
    secretaries: tuple[PersonId, ...] = ()
    committee: tuple[PersonId, ...] = ()
    group: bool = False

    @property
    def form_keepers(self) -> tuple[PersonId, ...]:
        """Who handles the forms: the committee members, or without any the secretaries (A23)."""
        return self.committee or self.secretaries


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """The round as it stands. ``students`` in the order in which lists name them.

    ``branches`` are at least theirs; ``enrolled`` holds everyone with a live account, of any role.
    ``dated``: what is open of the reminders that hang on a day of their own.
    """

    term: TermId
    timing: Timing
    students: tuple[StudentFacts, ...]
    branches: tuple[BranchFacts, ...]
    office: tuple[PersonId, ...] = ()
    enrolled: Container[PersonId] = frozenset()
    dated: tuple[Dated, ...] = ()


def student_facts(
    person: Person,
    *,
    windows: Windows,
    on: date,
    pairings: Iterable[Pairing],
    talks: Iterable[Talk],
    form: Form | None,
    obstacles: Iterable[Obstacle],
    exemptions: Iterable[Exemption] = (),
    introduction_talks: Iterable[Talk] = (),
    pauses: Iterable[Pause] = (),
    with_each: bool = False,
) -> StudentFacts:
    """One student's facts from the records of this student and this round.

    ``talks`` are half-year ones; of ``introduction_talks`` only a waiting claim matters.

    ``on`` decides whose pairing is in force. For a look ahead before the term give the Monday of
    week 1: pairings often begin on it.
    """
    own = tuple(pairings)
    in_charge = mentors_in_charge(person, own, on)
    mentor_of = {pairing.id: pairing.mentor for pairing in in_charge}
    told = tuple(talks)
    return StudentFacts(
        id=person.id,
        branch=person.branch,
        stage=person.stage,
        takes_part=takes_part(person, windows),
        mentors=tuple(pairing.mentor for pairing in in_charge),
        introducers=sum(
            one.student == person.id and one.role is Role.INTRODUCER and in_force(one, on)
            for one in own
        ),
        state=state_in_round(in_charge, told, with_each=with_each),
        claims=tuple(
            WaitingClaim(talk=talk.id, mentor=mentor_of[talk.pairing], at=talk.recorded)
            for talk in (*told, *introduction_talks)
            if talk.state is TalkState.CLAIMED and talk.pairing in mentor_of
        ),
        form=form.state if form else FormState.NOT_HANDED_OUT,
        signed=form is not None and form.signed,
        opinion=form is not None and form.opinion,
        obstacle=any(one.answered is None for one in obstacles),
        asked=tuple(one for one in own if one.asked is not None and not one.consent),
        pause=pause_rules.latest(pauses),
        exempt=frozenset(one.item for one in exemptions if one.relief is not None),
    )
