"""The judge of a long life would notice a process that takes more and more, and slow answers (F26)."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.clock import SHANGHAI
from bot.rehearsal.botapi import Message
from tests.soak.endurance import LOOKS, SLACK, Look, Stopwatch, judge
from tests.soak.figures import Figures

NOON = datetime(2026, 9, 14, 12, tzinfo=SHANGHAI)
STUDENT, BOT = 5001, 7


def judged(*, memory: int = 0, descriptors: float = 0, records: int = 0) -> dict[str, list[str]]:
    """What is found where these are more at each look than at the one before."""
    figures = Figures("endurance", 1)
    looks = [
        Look(70 * 10**6 + one * memory, 16 + int(one * descriptors), one * records)
        for one in range(LOOKS)
    ]
    judge(looks, figures)
    return figures.faults


def test_a_process_that_stays_as_it_is_or_grows_with_its_records_is_well() -> None:
    assert judged() == {}
    assert judged(memory=SLACK // 10, records=SLACK // 10 // 2048) == {}


def test_memory_that_grows_without_records_is_a_leak() -> None:
    assert list(judged(memory=SLACK // 10)) == ["memory"]


def test_a_descriptor_lost_now_and_then_is_a_leak() -> None:
    assert list(judged(descriptors=0.2)) == ["descriptors"]


def said_by(sender: int, seconds: float) -> Message:
    moment = NOON + timedelta(seconds=seconds)
    return Message(id=1, chat=STUDENT, sender=sender, date=moment)


def waited(*seconds: float | None) -> Figures:
    """What is found where each question is answered after so long, or not at all in the minute."""
    watch, figures = Stopwatch(), Figures("endurance", 1)
    for wait in seconds:
        watch.start(STUDENT, NOON)
        own = said_by(STUDENT, 0)
        came = [] if wait is None else [said_by(BOT, wait)]
        watch.stop(STUDENT, [own, *came], NOON + timedelta(minutes=1))
    watch.judge(figures)
    return figures


def test_one_slow_answer_in_a_thousand_is_counted_and_well() -> None:
    figures = waited(*[0.1] * 999, 30)
    assert figures.held
    assert figures["milliseconds to an answer, longest"] == 30_000


def test_answers_that_take_long_or_never_come_break_the_promise() -> None:
    assert list(waited(*[0.1] * 97, 3, 3, 3).faults) == ["slow"]
    assert list(waited(*[0.1] * 97, None, None, None).faults) == ["slow"]


def test_what_was_said_during_faults_is_not_counted() -> None:
    watch = Stopwatch()
    watch.stop(STUDENT, [], NOON)
    assert watch.waits == []
