"""`yinlu init`: a data folder made ready in one step, or left as it was."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import signal
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import SecretStr

from bot.actions import enrol, term
from bot.actions.roster_intake import take_in
from bot.commands.service_unit import TOKEN
from bot.desk import Desk
from bot.desks import STORE, keep_private, load_settings, open_desk
from bot.outcome import Outcome
from bot.refusal import Refused
from bot.settings import FILE
from storage import workbook
from storage.records import Duty, Kind, Stage
from storage.workbook_rows import BranchRow, PersonRow, Roster

TEMPLATE = "花名册模板.xlsx"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the wizard has asked.

    ``token``: to be kept in the data folder; None: there is none yet, or (``has_token``) it is kept elsewhere.
    ``bot_name``: None where Telegram could not be asked.
    """

    token: str | None
    has_token: bool
    bot_name: str | None
    number: str
    name: str
    branch: str
    week1: date | None = None


def require_new(folder: Path) -> None:
    """Refuse a folder in which something has begun already."""
    if (folder / STORE).exists():
        raise Refused(f"{folder} 里已经有数据，没有改动。要重新开始，请换一个数据文件夹。")


def name_of_bot(folder: Path, token: str) -> str:
    """Ask Telegram whose the token is, by the folder's settings. Refused: a wrong one, or out of reach."""
    from bot.who import own_name  # loads the Telegram library

    settings = load_settings(folder).model_copy(update={"token": SecretStr(token)})
    return asyncio.run(own_name(settings))


def begin(folder: Path, answers: Answers) -> Outcome:
    """Make the folder ready and say what comes next; Refused, Ctrl-C or a full disk: as it was before."""
    require_new(folder)
    is_new = not folder.exists()
    keep_private(folder)
    staged = Path(tempfile.mkdtemp(prefix=".init-", dir=folder))  # of mode 0700
    try:
        link = _prepare(staged, folder.absolute(), answers)
        _move(staged, folder)
    except BaseException:
        shutil.rmtree(staged, ignore_errors=True)
        if is_new:
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise
    staged.rmdir()
    return Outcome(lines=tuple(_next_steps(folder, answers, link)))


def _prepare(staged: Path, folder: Path, answers: Answers) -> str | None:
    """Write everything that the folder is to hold; return the link of the first office person."""
    if answers.token is not None or not answers.has_token:
        _write(staged / FILE, _with_token_file(folder))
    if answers.token is not None:
        _write(staged / TOKEN, f"{answers.token}\n")
    workbook.write(staged / TEMPLATE, _one_person(answers))
    (staged / TEMPLATE).chmod(0o600)
    with open_desk(staged, writing=True) as desk:
        desk.settings = load_settings(folder)
        return _begun(desk, staged / TEMPLATE, answers)


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


def _with_token_file(folder: Path) -> str:
    """Return the settings that are there, and where the token is or will be: before any table of a TOML file."""
    present = folder / FILE
    written = present.read_text(encoding="utf-8") if present.exists() else ""
    return f'token_file = "{_quoted(folder / TOKEN)}"\n{written}'


def _quoted(path: Path) -> str:
    return str(path).replace("\\", "\\\\").replace('"', '\\"')


def _one_person(answers: Answers) -> Roster:
    branch = BranchRow(name=answers.branch, kind=Kind.TEACHER)
    person = PersonRow(
        number=answers.number,
        name=answers.name,
        branch=answers.branch,
        kind=Kind.TEACHER,
        stage=Stage.FULL,
        duties=(Duty.OFFICE,),
    )
    return Roster(branches=(branch,), people=(person,))


def _begun(desk: Desk, file: Path, answers: Answers) -> str | None:
    """Take the one-person roster in as any other, open the term, make the link."""
    rows, faults = workbook.read(file)
    with desk.store.transaction():
        report = take_in(desk, rows, faults)
        if not report.accepted:
            raise Refused(f"没有办成：{report.lines()[0]}")
        if answers.week1 is not None:
            term.set_week1(desk, answers.week1, None)
        if answers.bot_name is None:
            return None
        desk.bot_name = answers.bot_name
        ((_, token, _),) = enrol.issue(desk, list(desk.store.people))
    return f"{desk.link()}?start={token}"


def _move(staged: Path, folder: Path) -> None:
    """Put everything in place at once for whoever interrupts; the store, which says that it is done, last."""
    names = [one for one in (TOKEN, FILE, TEMPLATE, STORE) if (staged / one).exists()]
    with _uninterrupted():
        for name in names:
            (staged / name).replace(folder / name)


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)


def _next_steps(folder: Path, answers: Answers, link: str | None) -> Iterator[str]:
    command = f"yinlu --data {folder}"
    yield f"已准备好 {folder}。{answers.name}（学院）已在名册里。"
    if link is not None:
        hours = load_settings(folder).invite_hours
        yield f"机器人是 @{answers.bot_name}。本人的开通链接（只能用一次，{hours} 小时内有效）："
        yield link
    yield "接下来："
    steps = list(_steps(folder, command, answers, link))
    yield from (f"{number}. {step}" for number, step in enumerate(steps, 1))


def _steps(folder: Path, command: str, answers: Answers, link: str | None) -> Iterator[str]:
    if not answers.has_token:
        yield f"把 @BotFather 给的令牌写进 {folder / TOKEN}（权限 0600）"
    yield f"填写花名册（模板：{folder / TEMPLATE}），然后 {command} roster check 文件，{command} roster import 文件"
    if answers.week1 is None:
        yield f"设定学期：{command} term set 2026-09-07（第一周的周一），或开通以后在聊天里发“日期”"
    yield f"运行：{command} run；长期运行用 {command} service 写出 systemd 服务"
    if link is None:
        yield f"生成本人的开通链接：{command} invite --person {answers.number}"
    else:
        yield "运行以后打开上面的链接，输入编号的末四位"
