"""Markup, entities, bidi, length, broken characters in names and texts: read as they stand, or refused (X10)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.actions import question, roster
from bot.handlers.acting import REASON
from storage import workbook
from storage.records import Kind, RowState, Stage
from storage.workbook_rows import BranchRow, PersonRow, Roster
from tests.support.online import Online, online

# As it comes, and as it is read; one that no name may be stands for itself.
NAMES = {
    "<b>李</b>明": "<b>李</b>明",
    "李&amp;明": "李&amp;明",
    "李\u202e明": "李明",
    "李</a>明": "李</a>明",
}
# As it is typed, and as it is read; none has the name of who wrote it, which is read in any case.
TYPED = {
    "<b>早</b>读": "<b>早</b>读",
    "早&amp;读": "早&amp;读",
    "早\u202e读": "早读",  # what turns the direction of writing is taken out
    "早</a>读": "早</a>读",
    "早\ud83d读": "早?读",  # half a character
}
TEXTS = [*TYPED, "<b>" * 1300, "&amp;" * 780]


async def said(line: Online, who: str, text: str) -> None:
    """Let somebody write to the embedded Bot API, and the bot answer over HTTP."""
    telegram = line.cast.telegram[who]
    line.world.send(telegram, telegram, text)
    await line.poll()
    await line.sweep()
    await line.app.outbox.drain()
    refused = [
        (row.kind, row.reason) for row in line.app.desk.store.outbox.where("state", RowState.DEAD)
    ]
    assert not refused


def read_by(line: Online, who: str) -> list[str]:
    """What the bot has said in that chat, as it is shown there: markup has become markup."""
    return [one.text for one in line.world.log if one.chat == line.cast.telegram[who]]


@pytest.mark.parametrize("name", NAMES)
async def test_name_of_the_roster_is_read_as_it_stands_in_the_workbook(
    name: str, tmp_path: Path
) -> None:
    async with online() as line:
        store, path = line.app.desk.store, tmp_path / "roster.xlsx"
        rows = roster.export(store)
        people = [
            replace(one, name=name if one.name == "李明" else one.name) for one in rows.people
        ]
        workbook.write(path, replace(rows, people=tuple(people)))
        found, faults = workbook.read(path)
        assert not faults
        with store.transaction():
            roster.apply(store, found, at=line.app.desk.now())
        await said(line, "林峰", "/status")
        await said(line, "周老师", "/status")
        await said(line, "李明", "已谈")
        for who in ("林峰", "周老师"):
            assert NAMES[name] in "".join(read_by(line, who))


def test_name_of_five_thousand_characters_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    rows = Roster(
        branches=(BranchRow(name="学一", kind=Kind.STUDENT),),
        people=(
            PersonRow(
                number="20240001",
                name="李" * 5000,
                branch="学一",
                kind=Kind.STUDENT,
                stage=Stage.ACTIVIST,
            ),
        ),
    )
    workbook.write(path, rows)
    _, faults = workbook.read(path)
    (fault,) = faults
    assert (fault.sheet, fault.row) == ("人员", 2)
    assert len(str(fault)) < 500


async def test_text_that_goes_on_to_another_turns_and_hides_nothing_there() -> None:
    async with online() as line:
        await said(line, "李明", "/mydata")
        with line.app.desk.store.transaction():
            asked = {"act": "data_correct"}
            question.ask(line.app.desk, line.cast["李明"].id, REASON, asked)
        await said(line, "李明", "号码\u202e错\u200b了\t两处\n都要改")
        assert "号码错了 两处\n都要改\n" in "".join(read_by(line, "林峰"))


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text[:12]))
async def test_text_that_goes_on_to_another_is_read_as_it_was_typed(text: str) -> None:
    async with online() as line:
        desk = line.app.desk
        for who in ("周老师", "李明"):
            await said(line, who, f"/done {text}")
            await said(line, who, f"已谈 {text}")
            await said(line, who, text)
        with desk.store.transaction():
            asked = {"act": "data_correct"}
            question.ask(desk, line.cast["李明"].id, REASON, asked)
        await said(line, "李明", text)
        heard = "".join(read_by(line, "林峰"))
        if text in TYPED:
            assert TYPED[text] in heard
