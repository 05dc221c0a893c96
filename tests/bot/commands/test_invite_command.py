"""`yinlu invite`: links that bind one person each, as lines, as a document, as sheets with QR codes."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bot.commands import invitations
from bot.desks import open_desk
from messages.invitation_sheets import QrCode
from tests.support.command_line import CommandLine
from tests.support.telegram import TOKEN

FIRST = "2024010101"
SOME = (FIRST, "T0901", "T0902")  # of two branches


def opened(path: Path) -> Any:
    """The workbook; its cells may hold anything."""
    return openpyxl.load_workbook(path)


@pytest.fixture
def office(college: CommandLine, telegram: str, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The made-up college with a bot of its own."""
    monkeypatch.setenv("YINLU_API_URL", telegram)
    monkeypatch.setenv("YINLU_TOKEN", TOKEN)
    return college


def test_an_invite_is_a_link_to_the_bot_by_its_real_name(office: CommandLine) -> None:
    (entry,) = office("invite", "--person", FIRST, "--json").document
    assert set(entry) == {"person", "link", "token", "expires"}
    assert entry["person"] == FIRST
    assert entry["link"] == f"https://t.me/yinlu_bot?start={entry['token']}"
    assert len(entry["token"]) == 32  # 192 bits
    left = datetime.fromisoformat(entry["expires"]) - datetime.now().astimezone()  # noqa: TID251 - the real one
    assert timedelta(hours=71) < left <= timedelta(hours=72)


def test_only_the_hash_of_a_token_is_kept(office: CommandLine) -> None:
    (entry,) = office("invite", "--person", FIRST, "--json").document
    kept = b"".join(path.read_bytes() for path in office.data.rglob("*") if path.is_file())
    assert entry["token"].encode() not in kept
    assert hashlib.sha256(entry["token"].encode()).hexdigest().encode() in kept


def test_everybody_without_an_account_is_invited_at_once(office: CommandLine) -> None:
    entries = office("invite", "--all", "--json").document
    with open_desk(office.data, writing=False) as desk:
        assert {entry["person"] for entry in entries} == {one.number for one in desk.store.people}
    assert len({entry["token"] for entry in entries}) == len(entries)


def test_somebody_named_twice_gets_one_link_that_works(office: CommandLine) -> None:
    (entry,) = office("invite", "--person", FIRST, "--person", FIRST, "--json").document
    with open_desk(office.data, writing=False) as desk:
        hashed = hashlib.sha256(entry["token"].encode()).hexdigest()
        invite = desk.store.invites.one("token_hash", hashed)
    assert invite is not None
    assert invite.revoked is None


def test_for_people_there_is_a_line_with_name_and_link(office: CommandLine) -> None:
    ran = office("invite", "--person", FIRST)
    name, link = ran.out.strip().split("\t")
    assert len(name) >= 2
    assert link.startswith("https://t.me/yinlu_bot?start=")


@pytest.mark.parametrize("words", [(), ("--all", "--person", FIRST), ("--person",)])
def test_neither_nobody_nor_both_is_wrong_usage(
    office: CommandLine, words: tuple[str, ...]
) -> None:
    assert office("invite", *words).code == 2


def test_an_unknown_number_is_refused_and_nobody_else_is_invited(office: CommandLine) -> None:
    assert "0000" in office("invite", "--person", FIRST, "--person", "0000", "--json").refusal
    with open_desk(office.data, writing=False) as desk:
        assert not list(desk.store.invites)


def test_without_a_roster_there_is_nobody_to_invite(
    yinlu: CommandLine, telegram: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YINLU_API_URL", telegram)
    monkeypatch.setenv("YINLU_TOKEN", TOKEN)
    assert "yinlu roster import" in yinlu("invite", "--all").refusal


def test_without_a_token_one_line_says_what_to_set(college: CommandLine) -> None:
    assert "YINLU_TOKEN" in college("invite", "--all").refusal


def test_a_wrong_token_is_refused(office: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YINLU_TOKEN", "4242:another")
    refusal = office("invite", "--all").refusal
    assert "不接受这个令牌" in refusal
    assert "another" not in refusal


# The sheets


@pytest.fixture
def sheets(office: CommandLine, tmp_path: Path) -> Path:
    people = [word for number in SOME for word in ("--person", number)]
    ran = office("invite", *people, "--out", tmp_path / "开通链接.xlsx")
    assert (ran.code, ran.err) == (0, "")
    assert "开通链接.xlsx" in ran.out
    return tmp_path / "开通链接.xlsx"


def test_there_is_a_sheet_per_branch_and_a_row_per_person_without_numbers(
    sheets: Path, office: CommandLine
) -> None:
    book = opened(sheets)
    with open_desk(office.data, writing=False) as desk:
        people = [one for one in desk.store.people if one.number in SOME]
        branches = {desk.store.branches[one.branch].name for one in people}
    assert set(book.sheetnames) == branches
    assert len(branches) == 2
    rows = [row for sheet in book for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert sorted(row[0] for row in rows) == sorted(person.name for person in people)
    assert not any(person.number in str(rows) for person in people)


def test_each_row_has_a_link_a_date_and_a_text_ready_to_forward(sheets: Path) -> None:
    sheet = opened(sheets)["本科生第一党支部"]
    assert [cell.value for cell in sheet[1]] == ["姓名", "链接", "有效期至", "转发文字", "二维码"]
    name, link, until, text, _ = (cell.value for cell in sheet[2])
    assert text.startswith(f"{name}，您好。")
    assert link in text
    assert until[:10] in text


def test_each_row_has_a_qr_code_of_its_own_link(sheets: Path) -> None:
    book = opened(sheets)
    links = [row[1].value for sheet in book for row in sheet.iter_rows(min_row=2)]
    with zipfile.ZipFile(sheets) as archive:
        pictures = [archive.read(one) for one in archive.namelist() if "media" in one]
        drawings = [one for one in archive.namelist() if one.startswith("xl/drawings/drawing")]
    assert len(drawings) == len(book.sheetnames)
    assert sorted(pictures) == sorted(QrCode(link, "A1")._data() for link in links)
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)


def test_the_sheets_are_for_their_owner_alone(sheets: Path) -> None:
    assert sheets.stat().st_mode & 0o777 == 0o600


def test_sheets_and_document_can_be_had_together(office: CommandLine, tmp_path: Path) -> None:
    ran = office("invite", "--person", FIRST, "--out", tmp_path / "x.xlsx", "--json")
    (entry,) = ran.document
    assert opened(tmp_path / "x.xlsx").active["B2"].value == entry["link"]


def test_a_refused_invite_leaves_no_file(office: CommandLine, tmp_path: Path) -> None:
    assert office("invite", "--person", "0000", "--out", tmp_path / "x.xlsx").refusal
    assert not (tmp_path / "x.xlsx").exists()


def test_nothing_is_issued_when_the_file_cannot_be_made(
    office: CommandLine, tmp_path: Path
) -> None:
    assert office("invite", "--all", "--out", tmp_path / "无" / "x.xlsx").refusal
    with open_desk(office.data, writing=False) as desk:
        assert not list(desk.store.invites)


def test_branches_whose_names_begin_alike_have_a_sheet_each(
    college: CommandLine, tmp_path: Path
) -> None:
    """Excel takes 31 UTF-16 units, and no two sheets of one title."""
    with open_desk(college.data, writing=True) as desk:
        people = [desk.store.people.one("number", number) for number in SOME]
        with desk.store.transaction():
            for number, one in enumerate({one.branch for one in people if one}):
                branch = desk.store.branches[one]
                desk.store.branches.put(replace(branch, name=f"{'𠮷' * 40}{number}"))
        issued = [{"person": one, "link": "x", "expires": "2026-09-14T08:00"} for one in SOME]
        invitations.write(desk, issued, tmp_path / "invites.xlsx")
    titles = opened(tmp_path / "invites.xlsx").sheetnames
    assert len(set(titles)) == 2
    assert all(len(title.encode("utf-16-le")) <= 62 for title in titles)
