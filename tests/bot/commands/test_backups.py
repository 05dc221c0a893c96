"""`yinlu backup · verify · restore`, and a start that refuses: what the office reads and finds."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.commands import backups
from bot.commands.writing import carry_out
from bot.desk import Desk
from bot.desks import BACKUPS, STORE, HeldElsewhere, open_desk
from bot.outcome import Outcome
from bot.refusal import Refused
from storage import backup as copies
from storage.backup import Summary
from storage.lines import encode
from storage.records import Row
from storage.store import Store
from tests.bot.commands import damages
from tests.support.cast import settle
from tests.support.clock import StandingClock, at

THREE = at(2026, 9, 14, 3)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The data folder of the named cast."""
    folder = tmp_path / "data"
    with open_desk(folder, writing=True) as desk:
        settle(desk)
    return folder


@pytest.fixture
def desk(folder: Path) -> Iterator[Desk]:
    """The desk of the bot that runs on that folder."""
    with open_desk(folder, writing=True, clock=StandingClock(THREE)) as desk:
        yield desk


def backup(desk: Desk, folder: Path, file: Path | None = None) -> Outcome:
    """As the command line hands it to the running bot."""
    arguments = {"file": file and str(file), "folder": str(folder / BACKUPS)}
    return carry_out(desk, "backup", arguments)


def backed_up(folder: Path, file: Path | None = None) -> Path:
    with open_desk(folder, writing=True, clock=StandingClock(THREE)) as desk:
        return Path(backup(desk, folder, file).document["file"])


def refusal(command: Any, *given: Any) -> str:
    """The one line of a refusal."""
    with pytest.raises(Refused) as refused:
        command(*given)
    line = str(refused.value)
    assert "\n" not in line
    assert "Errno" not in line
    return line


def start(folder: Path) -> None:
    with open_desk(folder, writing=True):
        pytest.fail("it started")


def extent(desk: Desk) -> str:
    return (
        f"（人员 {len(desk.store.people)}、结对 {len(desk.store.pairings)}、谈话 0、登记表 0）。"
    )


def people(folder: Path) -> set[str]:
    return {person.name for person in Store.read(folder / STORE).people}


def damage(folder: Path) -> Path:
    (path,) = (folder / STORE).glob("journal-*")
    content = path.read_bytes()
    assert "李明".encode() in content
    path.write_bytes(content.replace("李明".encode(), "李二".encode()))
    return path


def test_office_gets_a_verified_backup_from_the_running_bot(desk: Desk, folder: Path) -> None:
    outcome = backup(desk, folder)
    file = folder / "backups" / "yinlu-2026-09-14T0300.backup"
    assert outcome.lines[0].startswith(f"已备份到 {file}：第 1 笔，共 ")
    assert outcome.lines[0].endswith(extent(desk))
    assert outcome.document["counts"]["people"] == len(desk.store.people)
    assert copies.verify(file) == Summary(1, outcome.document["counts"], THREE)


def test_office_gets_a_second_backup_within_the_minute(desk: Desk, folder: Path) -> None:
    assert backup(desk, folder).code == backup(desk, folder).code == 0
    assert len(list((folder / BACKUPS).iterdir())) == 2


def test_office_names_the_file_itself(desk: Desk, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "before the import.backup"
    assert backup(desk, folder, file).lines[0].startswith(f"已备份到 {file}：")
    assert not (folder / BACKUPS).exists()


def test_a_file_that_exists_is_not_overwritten(desk: Desk, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "roster.xlsx"
    file.write_text("名册")
    outcome = backup(desk, folder, file)
    assert (outcome.code, outcome.lines) == (
        1,
        (f"{file} 已存在，没有覆盖。请换一个文件名。",),
    )
    assert file.read_text() == "名册"


def test_a_backup_that_cannot_be_written_names_the_place(
    desk: Desk, folder: Path, tmp_path: Path
) -> None:
    outcome = backup(desk, folder, tmp_path / "none" / "copy.backup")
    assert outcome.code == 1
    assert outcome.lines[0].startswith(f"没有备份：{tmp_path}/none/copy.backup")
    assert not (tmp_path / "none").exists()


def test_a_backup_that_does_not_read_back_is_refused(desk: Desk, folder: Path) -> None:
    held = desk.store.contents().tables["people"]
    held["x"] = {"name": "不是记录"}
    outcome = backup(desk, folder)
    del held["x"]
    assert outcome.code == 1
    assert "没有备份" in outcome.lines[0]
    assert list((folder / BACKUPS).iterdir()) == []


def test_nothing_is_backed_up_before_there_is_anything(tmp_path: Path) -> None:
    with open_desk(tmp_path, writing=True) as desk:
        outcome = backup(desk, tmp_path)
    assert (outcome.code, outcome.lines[0][:9]) == (1, "还没有数据，没有备份。"[:9])
    assert not (tmp_path / BACKUPS).exists()


def test_office_checks_a_backup(folder: Path) -> None:
    file = backed_up(folder)
    outcome = backups.verify(folder, file)
    assert outcome.lines[0].startswith(
        f"备份完好：{file}，2026年9月14日（周一）03:00 的备份，第 1 笔，共 "
    )
    assert outcome.document["file"] == str(file)


def test_a_damaged_foreign_or_missing_backup_is_not_called_good(
    folder: Path, tmp_path: Path
) -> None:
    file = backed_up(folder)
    file.write_bytes(file.read_bytes()[:-30])
    assert refusal(backups.verify, folder, file).startswith(f"{file} 不是完好的备份：")
    (tmp_path / "roster.xlsx").write_bytes(b"PK\x03\x04")
    assert "不是完好的备份" in refusal(backups.verify, folder, tmp_path / "roster.xlsx")
    assert refusal(backups.verify, folder, tmp_path / "none").startswith(f"打不开 {tmp_path}/none")
    assert refusal(backups.verify, folder, tmp_path).startswith(f"打不开 {tmp_path}：")


def test_office_checks_the_live_store_beside_the_running_bot(desk: Desk, folder: Path) -> None:
    backup(desk, folder)
    outcome = backups.verify(folder, None)
    assert outcome.lines[0].startswith("数据完好：第 1 笔，共 ")
    assert extent(desk).removesuffix("。") in outcome.lines[0]
    assert outcome.document["sequence"] == 1


def test_a_damaged_store_is_not_called_good_and_the_way_back_is_named(folder: Path) -> None:
    file = backed_up(folder)
    path = damage(folder)
    line = refusal(backups.verify, folder, None)
    assert f"数据已损坏：{path} 第 2 行：校验和不符。请勿改动该文件夹。" in line
    assert f"最近的完好备份：{file}，用 yinlu --data {folder} restore {file} 恢复。" in line


def test_a_store_behind_its_backup_is_not_called_good(folder: Path) -> None:
    file = backed_up(folder)
    shutil.rmtree(folder / STORE)
    assert f"备份 {file} 里有 1 笔" in refusal(backups.verify, folder, None)


def test_no_data_is_not_called_good(tmp_path: Path) -> None:
    assert refusal(backups.verify, tmp_path / "none", None) == f"{tmp_path}/none 里还没有数据。"
    assert not (tmp_path / "none").exists()


def test_a_damaged_store_does_not_start_and_names_the_newest_good_backup(folder: Path) -> None:
    good = backed_up(folder)
    newer = backed_up(folder)
    newer.write_bytes(newer.read_bytes()[:-1])
    damage(folder)
    assert f"最近的完好备份：{good}，" in refusal(start, folder)
    good.unlink()
    assert f"{folder}/backups 里没有完好的备份。" in refusal(start, folder)


def test_the_way_back_names_the_data_folder_only_where_it_must(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = backed_up(folder)
    damage(folder)
    monkeypatch.setenv("YINLU_DATA", str(folder))
    assert f"用 yinlu restore {file} 恢复。" in refusal(start, folder)


def test_a_lost_store_does_not_start_empty_beside_its_backup(folder: Path) -> None:
    file = backed_up(folder)
    shutil.rmtree(folder / STORE)
    for _ in range(2):
        line = refusal(start, folder)
        assert "没有启动：数据不见了" in line
        assert f"restore {file} 恢复。" in line
        assert not (folder / STORE).exists()
    outcome = backups.restore(folder, file)
    assert len(outcome.lines) == 2
    assert "李明" in people(folder)


def test_office_restores_a_damaged_store_and_loses_nothing_of_it(folder: Path) -> None:
    file = backed_up(folder)
    before = damage(folder).read_bytes()
    outcome = backups.restore(folder, file)
    assert outcome.lines[0].startswith("已恢复：2026年9月14日（周一）03:00 的备份，第 1 笔，共 ")
    assert outcome.lines[1:] == (
        "备份之后的确认和登记不在其中，请运行 yinlu status 核对。",
        f"原来的数据移到 {folder}/store.replaced，没有删除。",
    )
    (aside,) = (folder / "store.replaced").glob("journal-*")
    assert aside.read_bytes() == before
    assert "李明" in people(folder)
    with open_desk(folder, writing=True) as desk:
        assert len(desk.store.deeds) == outcome.document["counts"].get("deeds", 0)


def test_office_restores_on_a_new_machine(folder: Path, tmp_path: Path) -> None:
    file = backed_up(folder, tmp_path / "copy.backup")
    outcome = backups.restore(tmp_path / "new" / "data", file)
    assert outcome.code == 0
    assert people(tmp_path / "new" / "data") == people(folder)
    assert (tmp_path / "new" / "data").stat().st_mode & 0o777 == 0o700


def test_a_live_store_is_not_restored_over(folder: Path) -> None:
    file = backed_up(folder)
    line = refusal(backups.restore, folder, file)
    assert line.startswith(f"{folder}/store 里有完好的数据（第 1 笔），没有恢复。")
    assert f"请先把 {folder}/store 移到别处" in line
    assert people(folder) >= {"李明"}


def test_an_older_backup_starts_once_the_live_store_was_moved_away(folder: Path) -> None:
    older = backed_up(folder)
    with open_desk(folder, writing=True) as desk:
        with desk.store.transaction():
            desk.store.outbox.add(row())
        backup(desk, folder)
    (folder / STORE).rename(folder / "old")
    backups.restore(folder, older)
    with open_desk(folder, writing=True) as desk:
        assert len(desk.store.outbox) == 0


def row() -> Row:
    return Row(kind="S1", chat=1, to=None, created=THREE, due=THREE)


def test_nothing_is_restored_under_a_running_bot(desk: Desk, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "copy.backup"
    backup(desk, folder, file)
    damage(folder)
    assert "正由另一个进程使用，没有恢复" in refusal(backups.restore, folder, file)


def test_a_damaged_backup_restores_nothing_and_the_good_one_is_named(folder: Path) -> None:
    good = backed_up(folder)
    newer = backed_up(folder)
    newer.write_bytes(newer.read_bytes()[:-30])
    damage(folder)
    line = refusal(backups.restore, folder, newer)
    assert line.startswith(f"没有恢复：{newer} 不是完好的备份：")
    assert f"最近的完好备份：{good}，" in line


def test_data_of_another_version_are_not_restored_over(folder: Path) -> None:
    file = backed_up(folder)
    (path,) = (folder / STORE).glob("journal-*")
    _, rest = path.read_bytes().split(b"\n", 1)
    path.write_bytes(encode({"schema": 99, "after": 0}) + rest)
    assert "数据格式为 99" in refusal(backups.restore, folder, file)
    assert path.exists()


def test_a_start_that_cannot_look_at_the_backups_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(backups_folder: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(backups_folder))

    damage(folder)
    monkeypatch.setattr("bot.desks.newest_good", unreadable)
    assert refusal(start, folder).endswith(f"打不开 {folder}/backups：Permission denied")


def test_a_backup_that_is_not_there_restores_nothing(folder: Path, tmp_path: Path) -> None:
    damage(folder)
    line = refusal(backups.restore, folder, tmp_path / "none")
    assert line.startswith(f"没有恢复：{tmp_path}/none：")
    assert (folder / STORE).exists()


def test_a_second_process_is_still_told_so(desk: Desk, folder: Path) -> None:
    backup(desk, folder)
    with pytest.raises(HeldElsewhere):
        start(folder)


def test_status_of_a_lost_store_is_no_empty_list_but_names_the_backup(folder: Path) -> None:
    file = backed_up(folder)
    shutil.rmtree(folder / STORE)
    with pytest.raises(Refused, match=r"^数据不见了") as refused, open_desk(folder, writing=False):
        pytest.fail("it was read")
    assert f"最近的完好备份：{file}" in str(refused.value)


def test_a_store_damaged_in_any_kib_does_not_start_and_each_refusal_names_the_backup(
    tmp_path: Path,
) -> None:
    damages.made(tmp_path, 30, 30)
    every = list(damages.damages(tmp_path / STORE, offset=300))
    assert len(every) > 50
    for damage in every:
        damages.refuses(tmp_path, damage)


def test_many_damages_may_be_done_from_a_seed() -> None:
    assert damages.run(seed=5, times=30) == {"refused": 30}
