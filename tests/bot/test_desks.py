"""Opening the data folder, for writing or for reading beside a writer."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.desks import HeldElsewhere, open_desk
from bot.refusal import Refused
from tests.support.cast import settle


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "college" / "data"


@pytest.mark.parametrize("umask", [0o022, 0o000])
def test_everything_in_the_folder_is_for_its_owner_alone(folder: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        with open_desk(folder, writing=True) as desk:
            settle(desk)
            desk.store.snapshot()
    finally:
        os.umask(before)
    folders = {path for path in folder.rglob("*") if path.is_dir()} | {folder}
    files = {path for path in folder.rglob("*") if path.is_file()}
    assert {path.stat().st_mode & 0o777 for path in folders} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert files


def test_a_folder_that_was_open_to_others_is_closed_to_them(folder: Path) -> None:
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    with open_desk(folder, writing=True):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_a_second_writer_is_refused_in_one_line_and_readers_are_not(folder: Path) -> None:
    with open_desk(folder, writing=True) as writer:
        settle(writer)
        with pytest.raises(HeldElsewhere) as refused, open_desk(folder, writing=True):
            pytest.fail("opened twice")
        with open_desk(folder, writing=False) as reader:
            assert len(reader.store.people) == len(writer.store.people) > 0
    assert "\n" not in str(refused.value)


def test_a_damaged_store_is_refused_in_one_line_that_names_the_file(folder: Path) -> None:
    with open_desk(folder, writing=True) as desk:
        settle(desk)
        settled = desk.store.sequence
    assert settled
    (journal,) = (folder / "store").glob("journal-*")
    journal.write_bytes(journal.read_bytes().replace("李明".encode(), "李暗".encode(), 1))
    for writing in (True, False):
        with pytest.raises(Refused) as refused, open_desk(folder, writing=writing):
            pytest.fail("opened")
        assert journal.name in str(refused.value)
        assert "\n" not in str(refused.value)


def test_a_folder_that_is_a_file_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("", encoding="utf-8")
    with (
        pytest.raises(Refused, match=r"^[^\n]*data[^\n]*$"),
        open_desk(tmp_path / "data", writing=True),
    ):
        pytest.fail("opened")


def test_reading_makes_no_folder(folder: Path) -> None:
    with open_desk(folder, writing=False) as desk:
        assert len(desk.store.people) == 0
    assert not folder.exists()
