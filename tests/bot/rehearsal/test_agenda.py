"""Scripts: steps in the order of their moments, and waking hours."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.rehearsal.agenda import Agenda, Script, minutes
from bot.rehearsal.stage import Stage
from bot.rehearsal.told_clock import ToldClock
from bot.rehearsal.transcript import shortened
from bot.rules.term import windows
from storage.records import Calendar
from tests.support.cast import WEEK1
from tests.support.clock import at

START = at(2026, 9, 14)


def test_scripts_take_turns_by_their_moments_and_in_one_moment_by_their_beginning() -> None:
    clock, done = ToldClock(START), list[str]()
    agenda = Agenda(clock)

    def script(name: str, *pauses: timedelta | datetime) -> Script:
        for pause in pauses:
            yield pause
            done.append(name)

    agenda.begin(script("late", START + minutes(5), minutes(1)))
    agenda.begin(script("early", minutes(2), START))  # a moment that has passed is now
    while (moment := agenda.next()) is not None:
        clock.move_to(moment)
        assert agenda.act()
    assert done == ["early", "early", "late", "late"]
    assert clock.now() == START + minutes(6)
    assert not agenda.act()


def test_people_who_would_act_at_night_act_in_the_morning() -> None:
    clock = ToldClock(at(2026, 9, 14, 21))
    stage = Stage(clock, windows(WEEK1, Calendar()), Agenda(clock))
    assert stage.awake(minutes(30)) == at(2026, 9, 14, 21, 30)
    assert stage.awake(minutes(90)) == at(2026, 9, 15, 8, 10)
    assert stage.awake(minutes(300)) == at(2026, 9, 15, 8, 10)


def test_a_line_is_cut_to_its_columns_of_which_a_chinese_character_takes_two() -> None:
    assert shortened("谈话 ok", 7) == "谈话 ok"
    assert shortened("谈话 ok", 6) == "谈话…"
    assert shortened("谈话", 3) == "谈…"
