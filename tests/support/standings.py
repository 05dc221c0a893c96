"""What is kept of where everybody stands is what a look at everybody finds."""

from __future__ import annotations

from datetime import timedelta

from bot import college
from bot.desk import Desk
from bot.rules.moments import next_moment
from bot.situation import situation
from bot.standings import progress_of, standings


def agree(desk: Desk) -> None:
    """AssertionError: something changed of which the standings have not heard."""
    term, today = desk.term(), desk.today()
    for branch in college.student_branches(desk.store):
        people = college.students(desk.store, branch.id)
        looked = college.progress_among(desk, branch, people, term, today)
        assert progress_of(desk, branch) == looked, branch.name
    if term is None:
        return
    kept, looked_at = standings(desk).situation(), situation(desk, term)
    assert kept.students == looked_at.students
    assert kept.dated == looked_at.dated
    assert kept.branches == looked_at.branches
    claims = [claim for student in looked_at.students for claim in student.claims]
    for after in (desk.now(), desk.now() - timedelta(days=9), desk.now() + timedelta(days=3)):
        expected = next_moment(looked_at.timing, after, claims, looked_at.dated)
        assert standings(desk).coming(after) == expected
