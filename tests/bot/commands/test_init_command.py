"""`yinlu init`: a folder ready in one step, by questions or by options, or nothing at all."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from bot.__main__ import main
from bot.commands import beginning
from bot.desks import open_desk
from storage import workbook
from storage.records import Duty, Kind, Stage
from tests.support.command_line import CommandLine
from tests.support.telegram import TOKEN

NAMED = ("--name", "何平", "--number", "T0901")
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def online(yinlu: CommandLine, telegram: str, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    monkeypatch.setenv("YINLU_API_URL", telegram)
    return yinlu


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    file = tmp_path / "令牌.txt"
    file.write_text(f"{TOKEN}\n", encoding="utf-8")
    return file


def asked(monkeypatch: pytest.MonkeyPatch, *answers: str | type[BaseException]) -> list[str]:
    """Answer the questions in that order; return them as they come."""
    questions: list[str] = []
    waiting = iter(answers)

    def prompt(question: str, **options: object) -> str:
        questions.append(question)
        answer = next(waiting)
        if isinstance(answer, str):
            return answer or str(options.get("default", ""))
        raise answer

    monkeypatch.setattr(typer, "prompt", prompt)
    return questions


def held(folder: Path) -> set[str]:
    return {one.name for one in folder.iterdir()} if folder.exists() else set()


def test_options_alone_make_a_folder_with_token_settings_template_person_term_and_link(
    online: CommandLine, token_file: Path
) -> None:
    ran = online(*("init", "--no-ask", "--token-file", token_file, *NAMED, "--term", "2026-09-07"))
    assert ran.code == 0, ran.err
    assert "令牌有效：@" in ran.err
    assert "本人的开通链接（只能用一次，72 小时内有效）：\nhttps://t.me/" in ran.out
    assert f"yinlu --data {online.data} run" in ran.out
    assert TOKEN not in ran.out + ran.err
    assert held(online.data) == {"token", "settings.toml", "store", "花名册模板.xlsx"}
    for path in (online.data, *online.data.iterdir()):
        assert not path.stat().st_mode & 0o077
    with open_desk(online.data, writing=False) as desk:
        assert desk.settings.read_token() == TOKEN
        (office,) = desk.store.people
        assert (office.name, office.number, office.duties) == ("何平", "T0901", (Duty.OFFICE,))
        assert (office.kind, office.stage) == (Kind.TEACHER, Stage.FULL)
        assert len(desk.store.invites) == 1
        assert [one.name for one in desk.store.terms] == ["2026-2027-1"]
    rows, faults = workbook.read(online.data / "花名册模板.xlsx")
    assert not faults
    assert [one.name for one in rows.people] == ["何平"]


def test_questions_are_asked_again_until_they_can_be_taken(
    online: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = asked(
        *(monkeypatch, "1:wrong", "no token", TOKEN, "何平", "T0901", ""),
        *("2026-09-08", "next week", "2026-09-07"),
    )
    ran = online("init")
    assert ran.code == 0
    assert ran.out.count("Telegram 不接受这个令牌") == 2
    assert "2026-09-08 是周二，第一周应从周一开始" in ran.out
    assert "请写成 2026-09-07 这样。" in ran.out
    assert len(questions) == 9
    with open_desk(online.data, writing=False) as desk:
        assert [one.name for one in desk.store.branches] == ["学院党委办公室"]


def test_folder_is_asked_for_where_none_is_named(
    online: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = tmp_path / "elsewhere"
    questions = asked(monkeypatch, str(place), "", "何平", "T0901", "", "")
    monkeypatch.setattr("sys.argv", ["yinlu", "init"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert questions[0] == "数据文件夹"
    assert held(place) == {"settings.toml", "store", "花名册模板.xlsx"}


def test_what_may_be_left_out_is_named_among_the_next_steps(yinlu: CommandLine) -> None:
    ran = yinlu("init", "--no-ask", *NAMED)
    assert ran.code == 0
    assert f"1. 把 @BotFather 给的令牌写进 {yinlu.data / 'token'}（权限 0600）" in ran.out
    assert "term set" in ran.out
    assert ran.out.rstrip().endswith(f"yinlu --data {yinlu.data} invite --person T0901")
    (yinlu.data / "token").write_text(TOKEN, encoding="utf-8")
    with open_desk(yinlu.data, writing=False) as desk:
        assert desk.settings.read_token() == TOKEN


def test_telegram_out_of_reach_is_said_and_no_end(
    yinlu: CommandLine, token_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YINLU_API_URL", NOWHERE)
    ran = yinlu("init", "--no-ask", "--token-file", token_file, *NAMED)
    assert ran.code == 0
    assert "连不上 Telegram" in ran.err
    assert "现在没有核对令牌，先继续。" in ran.err
    assert (yinlu.data / "token").read_text(encoding="utf-8").strip() == TOKEN
    assert "invite --person T0901" in ran.out


def test_settings_that_are_there_already_are_kept_and_their_token_is_used(
    online: CommandLine,
) -> None:
    online.data.mkdir()
    (online.data / "settings.toml").write_text(
        "invite_hours = 5\n[rate]\noverall = 20\n", encoding="utf-8"
    )
    (online.data / "token").write_text(TOKEN, encoding="utf-8")
    ran = online("init", "--no-ask", *NAMED)
    assert "5 小时内有效" in ran.out
    with open_desk(online.data, writing=False) as desk:
        assert desk.settings.rate.overall == 20
        assert desk.settings.read_token() == TOKEN


def test_token_of_the_settings_is_written_nowhere_else(
    online: CommandLine, monkeypatch: pytest.MonkeyPatch, token_file: Path
) -> None:
    monkeypatch.setenv("YINLU_TOKEN", TOKEN)
    given_twice = online("init", "--no-ask", "--token-file", token_file, *NAMED)
    assert given_twice.refusal == "设置里已经写有令牌，不用再给 --token-file。"
    assert "https://t.me/" in online("init", "--no-ask", *NAMED).out
    assert held(online.data) == {"store", "花名册模板.xlsx"}


def test_settings_that_name_a_file_which_is_not_there_are_refused(
    yinlu: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("YINLU_TOKEN_FILE", str(tmp_path / "nowhere"))
    assert "token_file" in yinlu("init", "--no-ask", *NAMED).refusal
    assert held(yinlu.data) == set()


def test_folder_with_a_store_is_refused_before_anything_is_asked(
    yinlu: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    yinlu("init", "--no-ask", *NAMED)
    questions = asked(monkeypatch)
    assert "已经有数据，没有改动" in yinlu("init").refusal
    assert questions == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--name", "何平"), "--number"),
        (("--number", "T0901"), "--name"),
        (("--name", "何平", "--number", "T1"), "编号至少要有4个字符"),
        ((*NAMED, "--term", "2026-09-08"), "2026-09-08 是周二"),
    ],
)
def test_what_is_wrong_or_lacking_is_refused_and_nothing_is_left(
    yinlu: CommandLine, options: tuple[str, ...], said: str
) -> None:
    assert said in yinlu("init", "--no-ask", *options).refusal
    assert not yinlu.data.exists()


def test_wrong_token_file_is_refused_and_nothing_is_left(
    online: CommandLine, tmp_path: Path
) -> None:
    for content in (b"1:x\n", b"\xff\xfe"):
        file = tmp_path / "wrong"
        file.write_bytes(content)
        ran = online("init", "--no-ask", "--token-file", file, *NAMED)
        assert "Telegram 不接受这个令牌" in ran.refusal
    assert not online.data.exists()


@pytest.mark.parametrize("made_before", [False, True])
def test_interrupted_at_a_question_or_at_work_leaves_the_folder_as_it_was(
    yinlu: CommandLine, monkeypatch: pytest.MonkeyPatch, *, made_before: bool
) -> None:
    if made_before:
        yinlu.data.mkdir()
        (yinlu.data / "settings.toml").write_text("invite_hours = 5\n", encoding="utf-8")
    before = held(yinlu.data)
    asked(monkeypatch, "", typer.Abort)
    assert yinlu("init").code == 1
    assert held(yinlu.data) == before
    interrupt = KeyboardInterrupt()

    def interrupted(*_: object) -> None:
        raise interrupt

    monkeypatch.setattr(beginning, "take_in", interrupted)
    assert yinlu("init", "--no-ask", *NAMED).code != 0
    assert held(yinlu.data) == before
    assert yinlu.data.exists() == made_before
