"""Writing commands: carried out here, or in the running bot; the same action, the same answer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.commands import carrying
from bot.commands.carrying import carry
from bot.commands.writing import carry_out
from bot.control import listening
from bot.desk import Desk
from bot.desks import HeldElsewhere, open_desk
from bot.outcome import Outcome
from tests.support.cast import settle
from tests.support.command_line import CommandLine


@contextmanager
def running_bot(folder: Path) -> Iterator[Desk]:
    """What of a running bot matters here: it holds the store and answers at the socket."""
    with open_desk(folder, writing=True) as desk:
        desk.bot_name = "yinlu_bot"
        loop, ready, ended = asyncio.new_event_loop(), threading.Event(), asyncio.Event()

        async def listen() -> None:
            async with listening(folder, lambda *asked: carry_out(desk, *asked)):
                ready.set()
                await ended.wait()

        thread = threading.Thread(target=loop.run_until_complete, args=(listen(),))
        thread.start()
        ready.wait()
        try:
            yield desk
        finally:
            loop.call_soon_threadsafe(ended.set)
            thread.join()
            loop.close()


def test_a_roster_is_imported_beside_the_running_bot(
    yinlu: CommandLine, roster: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_bot(yinlu.data) as desk:
        monkeypatch.chdir(roster.parent)
        assert yinlu("roster", "import", roster.name).code == 0
        assert len(desk.store.people) > 100
        assert len(yinlu("status", "--json").document["branches"]) == 4


def test_faults_come_back_from_the_running_bot_as_they_would_from_here(
    yinlu: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "x.xlsx").write_text("no workbook", encoding="utf-8")
    alone = yinlu("roster", "import", tmp_path / "x.xlsx")
    with running_bot(yinlu.data):
        assert yinlu("roster", "import", tmp_path / "x.xlsx") == alone
    assert alone.code == 1


def test_a_term_is_opened_beside_the_running_bot(college: CommandLine) -> None:
    with running_bot(college.data) as desk:
        assert "谈话：" in college("term", "set", "2026-09-07").out
        assert len(desk.store.terms) == 1
        assert "周二" in college("term", "set", "2026-09-08").refusal
        assert college("term", "show", "--json").document["week1"] == "2026-09-07"


def test_links_are_issued_beside_the_running_bot_without_a_token_of_ones_own(
    college: CommandLine, tmp_path: Path
) -> None:
    with running_bot(college.data):
        entries = college("invite", "--all", "--json").document
        ran = college("invite", "--person", entries[0]["person"], "--out", tmp_path / "x.xlsx")
    assert ran.code == 0
    assert entries[0]["link"].startswith("https://t.me/yinlu_bot?start=")


def test_links_are_not_issued_before_the_bot_knows_its_own_name(college: CommandLine) -> None:
    with running_bot(college.data) as desk:
        desk.bot_name = ""
        assert "连上" in college("invite", "--all").refusal
        assert not list(desk.store.invites)


@pytest.mark.parametrize(
    "words",
    [
        ("status", "--json"),
        ("plan", "--json"),
        ("term", "show", "--json"),
        ("roster", "export", "X"),
    ],
)
def test_every_reading_command_works_beside_the_running_bot(
    college: CommandLine, tmp_path: Path, words: tuple[str, ...]
) -> None:
    college("term", "set", "2026-09-07")
    words = tuple(str(tmp_path / "x.xlsx") if word == "X" else word for word in words)
    with running_bot(college.data):
        beside = college(*words)
    (tmp_path / "x.xlsx").unlink(missing_ok=True)
    assert beside == college(*words)
    assert beside.code == 0


def test_a_command_waits_for_a_bot_that_is_just_starting(tmp_path: Path) -> None:
    """Somebody holds the store and does not listen (yet, or any more)."""
    starting = threading.Event()
    answered: list[Outcome] = []

    def asks() -> None:
        starting.wait()
        answered.append(carry(tmp_path, "term set", {"week1": "2026-09-07", "name": None}))

    caller = threading.Thread(target=asks)
    caller.start()
    with open_desk(tmp_path, writing=True) as desk:
        settle(desk, term=False)
        starting.set()
        with pytest.raises(HeldElsewhere), open_desk(tmp_path, writing=True):
            pytest.fail("opened twice")
    caller.join()
    assert [outcome.code for outcome in answered] == [0]
    with open_desk(tmp_path, writing=False) as desk:
        assert len(desk.store.terms) == 1


def test_a_store_that_somebody_holds_without_listening_is_given_up_in_one_line(
    yinlu: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying, "SECONDS", 0)
    with open_desk(yinlu.data, writing=True):
        assert "另一个进程" in yinlu("term", "set", "2026-09-07").refusal


# What an import says to those it concerns


def test_students_hear_of_a_new_mentor_but_not_on_the_first_import(
    yinlu: CommandLine, tmp_path: Path
) -> None:
    with open_desk(yinlu.data, writing=True) as desk:
        cast = settle(desk)
    yinlu("roster", "export", tmp_path / "现.xlsx")
    changed = _with_mentor(tmp_path, cast["李明"].number, cast["吴老师"].number)
    assert yinlu("roster", "import", changed).code == 0
    with open_desk(yinlu.data, writing=False) as desk:
        assert [(row.kind, row.to) for row in desk.store.outbox] == [("S17", cast["李明"].id)]


def test_whoever_gets_a_first_student_gets_the_commands_of_a_mentor(
    yinlu: CommandLine, tmp_path: Path
) -> None:
    with open_desk(yinlu.data, writing=True) as desk:
        cast = settle(desk)
    yinlu("roster", "export", tmp_path / "现.xlsx")
    changed = _with_mentor(tmp_path, cast["李明"].number, cast["何主任"].number)
    assert yinlu("roster", "import", changed).code == 0
    with open_desk(yinlu.data, writing=False) as desk:
        menus = [row.to for row in desk.store.outbox if row.kind == "menu"]
    assert menus == [cast["何主任"].id]


def _with_mentor(folder: Path, student: str, mentor: str) -> Path:
    """The exported roster, with another mentor for one student."""
    from storage import workbook
    from storage.records import Role
    from storage.workbook_rows import PairingRow, Roster

    rows, _ = workbook.read(folder / "现.xlsx")
    pair = PairingRow(student=student, mentor=mentor, role=Role.CONTACT, since=None)
    added = Roster(branches=rows.branches, people=rows.people, pairings=(*rows.pairings, pair))
    workbook.write(folder / "新.xlsx", added)
    return folder / "新.xlsx"


@pytest.mark.parametrize("name", ["2026\udcff", "2026\u202e-1", " "], ids=ascii)
def test_term_is_not_given_a_name_that_no_message_can_hold(
    college: CommandLine, name: str
) -> None:
    before = college("term", "show", "--json")
    ran = college("term", "set", "2026-09-07", "--name", name)
    assert ran.code == 1
    assert ran.refusal == "学期名里有显示不出来的字符，请改成如 2026-2027-1 的名字。"
    assert college("term", "show", "--json") == before


def test_person_or_branch_that_no_roster_can_hold_is_not_found(college: CommandLine) -> None:
    college("term", "set", "2026-09-07")
    for asked in (("status", "--branch"), ("assign", "--branch"), ("audit", "--person")):
        assert "没有" in college(*asked, "学\udcff").refusal
