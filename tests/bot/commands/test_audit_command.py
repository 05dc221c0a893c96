"""`yinlu audit` lists who did what; `yinlu verify` and `yinlu doctor` find what was changed in it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.actions import deed, denial
from bot.commands.auditing import audit
from bot.commands.backups import verify
from bot.desks import STORE, open_desk
from bot.refusal import Refused
from storage import chain
from storage.contents import Contents, read_snapshot, snapshot_lines
from storage.records import Pairing, Role
from tests.support.cast import Cast, settle
from tests.support.clock import StandingClock, at
from tests.support.command_line import CommandLine

NOW = at(2026, 9, 14, 9)


@pytest.fixture
def line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    return CommandLine(tmp_path / "data", monkeypatch, capsys)


@pytest.fixture
def cast(line: CommandLine) -> Cast:
    """A folder in which 林峰 has replaced a mentor of 李明, for a reason."""
    with open_desk(line.data, writing=True, clock=StandingClock(NOW)) as desk:
        cast = settle(desk)
        by, about = cast["林峰"].id, cast["李明"].id
        pairing = Pairing(student=about, mentor=cast["吴老师"].id, role=Role.CONTACT)
        with desk.store.transaction():
            new = desk.store.pairings.add(pairing)
            deed.record(desk, "assign", by, about=about, after=new, why="原老师出差")
            deed.record(desk, "link", by)
            deed.record(desk, "term_opened", None)
        desk.store.snapshot()
    return cast


def test_the_audit_says_who_what_whom_when_and_why(line: CommandLine, cast: Cast) -> None:
    said = line("audit").out.splitlines()
    assert said[0] == (
        f"2026-09-14 09:00\t林峰（{cast['林峰'].number}）\t分配\t"
        f"李明（{cast['李明'].number}）\t原老师出差"
    )
    assert said[2] == "2026-09-14 09:00\t系统\t学期开始"


def test_a_program_reads_numbers_and_never_what_was_written(line: CommandLine, cast: Cast) -> None:
    first = line("audit", "--json").document[0]
    assert first == {
        "number": 1,
        "at": "2026-09-14T09:00:00+08:00",
        "by": cast["林峰"].number,
        "what": "assign",
        "about": cast["李明"].number,
        "why": "原老师出差",
        "undone": None,
    }


def test_the_audit_of_one_person_is_what_was_done_by_and_for_them(
    line: CommandLine, cast: Cast
) -> None:
    of_student = line("audit", "--person", cast["李明"].number, "--json").document
    of_secretary = line("audit", "--person", cast["林峰"].number, "--json").document
    assert [one["what"] for one in of_student] == ["assign"]
    assert [one["what"] for one in of_secretary] == ["assign", "link"]
    assert line("audit", "--person", cast["冯四"].number).out == "还没有记录。\n"


def test_what_was_refused_is_counted_below_in_one_line(line: CommandLine, cast: Cast) -> None:
    with (
        open_desk(line.data, writing=True, clock=StandingClock(NOW)) as desk,
        desk.store.transaction(),
    ):
        for who in (cast["冯四"], cast["冯四"], None):
            denial.note(desk, who, "status", "private")
        denial.note(desk, cast["冯四"], "done", "private")
    everybody = line("audit").out.splitlines()
    assert (
        everybody[-1] == "另有 4 次请求被拒绝（2026-09-14 起，最近 2026-09-14 09:00），只计次数。"
    )
    assert len(everybody) == 4
    own = line("audit", "--person", cast["冯四"].number)
    assert own.out.splitlines() == ["还没有记录。", everybody[-1].replace("4", "3", 1)]
    assert "被拒绝" not in line("audit", "--person", cast["李明"].number).out
    assert len(line("audit", "--json").document) == 3


def test_an_unknown_number_is_refused(line: CommandLine, cast: Cast) -> None:
    assert line("audit", "--person", "0").refusal == "花名册里没有编号 0，请核对后再试。"


def test_somebody_purged_is_named_by_that_word_alone(line: CommandLine, cast: Cast) -> None:
    with open_desk(line.data, writing=True) as desk:
        with desk.store.transaction():
            desk.store.people.remove(cast["李明"].id)
        outcome = audit(desk, None)
    assert outcome.document[0]["about"] == "已清除"
    assert "已清除" in outcome.lines[0]


def change_on_disk(folder: Path, **fields: Any) -> None:
    """As somebody with an editor would, checksums and all."""
    path = folder / STORE / "snapshot"
    contents: Contents = read_snapshot(path, path.read_bytes())
    contents.tables["deeds"]["1"].update(fields)
    path.write_bytes(b"".join(snapshot_lines(contents)))


def test_what_somebody_changed_in_the_audit_is_found_and_named(
    line: CommandLine, cast: Cast
) -> None:
    assert "审计记录 3 条，末条校验值" in line("verify").out
    change_on_disk(line.data, by=cast["李明"].id)
    assert "第 1 条被改动" in line("verify").refusal
    sick = json.loads(line("doctor", "--json").out)["sick"]
    assert "第 1 条被改动" in next(one["remedy"] for one in sick if one["name"] == "audit")


def test_a_backup_that_was_changed_is_found(line: CommandLine, cast: Cast, tmp_path: Path) -> None:
    change_on_disk(line.data, why="别的")
    line("backup", tmp_path / "copy")
    assert "第 1 条被改动" in line("verify", tmp_path / "copy").refusal


def test_many_faults_are_counted_and_the_first_ones_named(line: CommandLine, cast: Cast) -> None:
    path = line.data / STORE / "snapshot"
    contents = read_snapshot(path, path.read_bytes())
    for id in range(4, 12):
        contents.tables["deeds"][str(id)] = dict(contents.tables["deeds"]["3"])
    contents.last_ids["deeds"] = 11
    path.write_bytes(b"".join(snapshot_lines(contents)))
    assert "等 8 处" in line("verify").refusal


def test_a_chain_computed_anew_is_found_against_the_last_backup(
    line: CommandLine, cast: Cast
) -> None:
    line("backup")
    assert line("verify").code == 0
    path = line.data / STORE / "snapshot"
    contents = read_snapshot(path, path.read_bytes())
    contents.tables["deeds"]["1"]["by"] = cast["李明"].id
    contents.tables["deeds"] = chain.chained(contents.tables["deeds"])
    path.write_bytes(b"".join(snapshot_lines(contents)))
    with pytest.raises(Refused, match="第 3 条）与现在的数据不一致"):
        verify(line.data, None)


def test_a_chain_computed_anew_is_found_against_a_copy_kept_elsewhere(
    line: CommandLine, cast: Cast, tmp_path: Path
) -> None:
    """Backups beside the store can be made anew too; this one is out of reach."""
    copy = tmp_path / "elsewhere"
    line("backup", copy)
    assert line("verify", copy).code == 0
    path = line.data / STORE / "snapshot"
    contents = read_snapshot(path, path.read_bytes())
    contents.tables["deeds"]["1"]["by"] = cast["李明"].id
    contents.tables["deeds"] = chain.chained(contents.tables["deeds"])
    path.write_bytes(b"".join(snapshot_lines(contents)))
    assert line("verify").code == 0
    assert "第 3 条）与现在的数据不一致" in line("verify", copy).refusal


def test_a_copy_is_good_where_the_store_is_lost_or_behind_it(
    line: CommandLine, cast: Cast, tmp_path: Path
) -> None:
    copy = tmp_path / "elsewhere"
    line("backup", copy)
    (line.data / STORE / "snapshot").write_bytes(b"torn")
    assert line("verify", copy).code == 0
    shutil.rmtree(line.data / STORE)
    assert line("verify", copy).code == 0
