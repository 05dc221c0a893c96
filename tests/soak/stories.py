"""What people do, step by step, each step once the one before it has been answered.

A story is a generator: it acts, and yields what it waits for. Each deed that it causes is noted as
an `Effect`, with the update that asks for it and the words that will acknowledge it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from types import GeneratorType

from bot.clock import SHANGHAI
from storage.records import PersonId, TalkState
from tests.soak.people import WEEK1, Member, Pair, People

Seen = Callable[[], object]
Story = Generator[Seen, None, None]
TALKED, ENROL = "已谈话", "enrol"


@dataclass(frozen=True, slots=True)
class Effect:
    """``update`` is to leave one deed ``what`` by ``by`` about ``about``.

    ``words``, read by ``reader`` after ``since`` exchanges, say that it holds.
    """

    update: int
    what: str
    by: PersonId
    about: PersonId
    reader: Member
    words: str
    since: int

    def is_told(self) -> bool:
        log = self.reader.town.world.log
        return any(
            one.chat == self.reader.account and self.words in f"{one.text} {one.buttons}"
            for one in log[self.since :]
        )


@dataclass(slots=True)
class Plot:
    """All stories of a town. ``ends``: which state each story's talk is to reach."""

    effects: list[Effect] = field(default_factory=list)
    ends: dict[PersonId, TalkState] = field(default_factory=dict)
    _going: list[tuple[Story, Seen]] = field(default_factory=list)

    def begin(self, story: Story) -> None:
        self._going.append((story, lambda: True))

    @property
    def over(self) -> bool:
        return not self._going

    def waiting(self) -> list[str]:
        """Which stories wait, and at which line."""
        return [f"{where(story)}" for story, _ in self._going]

    def go_on(self, dice: random.Random, most: int) -> int:
        """Let some stories whose wait is over go on; returns how many did."""
        ready = [one for one in self._going if one[1]()]
        chosen = dice.sample(ready, min(most, len(ready)))
        for one in chosen:
            self._going.remove(one)
            seen = next(one[0], None)
            if seen is not None:
                self._going.append((one[0], seen))
        return len(chosen)

    def expect(
        self, update: int, what: str, by: Member, reader: Member, words: str, *, about: Member
    ) -> Seen:
        """Note an effect; what is yielded to wait until it is acknowledged."""
        since = len(reader.town.world.log)
        effect = Effect(update, what, by.id, about.id, reader, words, since)
        self.effects.append(effect)
        return effect.is_told


def where(story: object) -> str:
    """The innermost line at which a story waits."""
    if not isinstance(story, GeneratorType):
        return "nowhere"
    inner = story.gi_yieldfrom
    if inner is not None:
        return where(inner)
    return f"line {story.gi_frame.f_lineno}" if story.gi_frame else "its end"


def sees(member: Member, label: str) -> Seen:
    return lambda: member.phone.sees(label)


def write(people: People, dice: random.Random) -> Plot:
    """A story for every pair, all kinds in turn, and one for each keeper of forms."""
    plot = Plot()
    for place, pair in enumerate(people.pairs):
        kind = KINDS[place % len(KINDS)]
        plot.begin(_after(dice.randrange(6), kind(plot, pair)))
    for keeper, students in people.keepers:
        if students:
            plot.begin(_keeps(plot, keeper, students))
    return plot


def _after(turns: int, story: Story) -> Story:
    """Not everybody begins on the first day."""
    for _ in range(turns):
        yield lambda: True
    yield from story


def _enrols(plot: Plot, member: Member) -> Story:
    """What a stranger types is kept off the disk: after a kill the bot asks for it once more."""
    if member.token is None:
        return
    member.opens()
    yield lambda: _reads(member, "最后四个字符")
    told: Seen = bool
    while not told():
        before = len(member.town.world.log)
        update = member.says(member.person.number[-4:])
        told = plot.expect(update, ENROL, member, member, "开通好了", about=member)
        yield lambda before=before, told=told: told() or _is_asked_again(member, before)  # type: ignore[misc]


def _is_asked_again(member: Member, since: int) -> bool:
    said = member.town.world.log[since:]
    return any(one.chat == member.account and "最后四个字符" in one.text for one in said)


def _reads(member: Member, words: str) -> bool:
    return any(words in one.text for one in member.town.world.messages(member.account))


def _confirms(plot: Plot, pair: Pair) -> Story:
    yield sees(pair.mentor, "属实")
    update = pair.mentor.presses("属实")
    yield plot.expect(
        update, "confirmation", pair.mentor, pair.student, "已确认", about=pair.student
    )
    plot.ends[pair.student.id] = TalkState.CONFIRMED


def by_words(plot: Plot, pair: Pair) -> Story:
    yield from _enrols(plot, pair.student)
    yield from _says_so(plot, pair)


def _says_so(plot: Plot, pair: Pair) -> Story:
    update = pair.student.says("已谈")
    yield plot.expect(update, "claim", pair.student, pair.student, "已记下", about=pair.student)
    yield from _confirms(plot, pair)


def _waits_for_reminder(student: Member) -> Story:
    """Until the reminder is there; kills may have made it too late to be useful."""
    late = datetime.combine(WEEK1 + timedelta(days=18), time(12), SHANGHAI)
    yield lambda: student.phone.sees(TALKED) or student.town.clock.now() > late


def by_reply(plot: Plot, pair: Pair) -> Story:
    """A reply to the reminder; the mentor denies it."""
    yield from _enrols(plot, pair.student)
    yield from _waits_for_reminder(pair.student)
    update = pair.student.says("谈过了", reply_to_button=TALKED)
    yield plot.expect(update, "claim", pair.student, pair.student, "已记下", about=pair.student)
    yield sees(pair.mentor, "还没谈")
    update = pair.mentor.presses("还没谈")
    yield plot.expect(
        update, "denial", pair.mentor, pair.student, "还没有核对上", about=pair.student
    )
    plot.ends[pair.student.id] = TalkState.DISPUTED


def by_button(plot: Plot, pair: Pair) -> Story:
    yield from _enrols(plot, pair.student)
    yield from _waits_for_reminder(pair.student)
    if not pair.student.phone.sees(TALKED):
        yield from _says_so(plot, pair)
        return
    pair.student.presses(TALKED)
    yield sees(pair.student, "今天")
    update = pair.student.presses("今天")
    yield plot.expect(update, "claim", pair.student, pair.student, "已记下", about=pair.student)
    yield from _confirms(plot, pair)


def by_done(plot: Plot, pair: Pair) -> Story:
    yield from _enrols(plot, pair.student)
    update = pair.mentor.says(f"/done {pair.student.person.name}")
    yield plot.expect(update, "done", pair.mentor, pair.student, "如果没有谈", about=pair.student)
    plot.ends[pair.student.id] = TalkState.CONFIRMED


def by_mistake(plot: Plot, pair: Pair) -> Story:
    """/done, and the student objects."""
    yield from _enrols(plot, pair.student)
    update = pair.mentor.says(f"/done {pair.student.person.name}")
    yield plot.expect(update, "done", pair.mentor, pair.mentor, "已记下", about=pair.student)
    yield sees(pair.student, "没有谈")
    update = pair.student.presses("没有谈")
    yield plot.expect(update, "objection", pair.student, pair.mentor, "有疑问", about=pair.student)
    plot.ends[pair.student.id] = TalkState.DISPUTED


KINDS = (by_words, by_reply, by_button, by_done, by_mistake)


def _keeps(plot: Plot, keeper: Member, students: list[Member]) -> Story:
    """Hand out the forms of those on the first page, one by one, then take them in.

    A list of another day is left as it was read: its keeper is told by the next one.
    """
    for which, title, what in (
        ("发表", "发登记表", "handed_out"),
        ("收表", "收登记表", "received"),
    ):
        keeper.says("/forms")
        yield sees(keeper, which)
        keeper.presses(which)
        yield lambda title=title: _reads(keeper, title)  # type: ignore[misc]  # bound in the loop
        for student in students:
            name = student.person.name
            shown = keeper.phone.sees(name)
            if shown and title in shown.text:
                day = keeper.town.clock.now().date()
                update = keeper.presses(name)
                told = plot.expect(update, what, keeper, keeper, f"✓ {name}", about=student)
                yield lambda day=day, told=told: told() or keeper.town.clock.now().date() > day  # type: ignore[misc]  # bound in the loop
