"""The questions of `yinlu init`; everything is asked before anything is made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import typer

from bot.actions.term import require_monday
from bot.commands.beginning import Answers, name_of_bot, require_new
from bot.commands.service_unit import TOKEN
from bot.desks import load_settings
from bot.refusal import Refused
from bot.rules.term import YEARS
from bot.settings import SettingsError
from bot.who import SHAPE, WRONG_TOKEN

BRANCH = "学院党委办公室"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the command line has said already; None: to be asked, unless nobody is there to ask."""

    token_file: Path | None = None
    number: str | None = None
    name: str | None = None
    branch: str | None = None
    week1: date | None = None
    asks: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    """``kept``: to be written into the folder; ``bot_name``: None where Telegram was not asked."""

    kept: str | None = None
    exists: bool = False
    bot_name: str | None = None


def answers(folder: Path, given: Given) -> Answers:
    """Return the answers. Refused: what was given is wrong, or lacking where nobody is asked."""
    require_new(folder)
    token = _token(folder, given)
    name = _needed(given, given.name, "--name", "第一位学院工作人员的姓名")
    number = _needed(given, given.number, "--number", f"{name}的编号（教工号，开通时核对末四位）")
    branch = given.branch or _asked(given, f"{name}所在的支部", BRANCH) or BRANCH
    return Answers(
        token=token.kept,
        has_token=token.exists,
        bot_name=token.bot_name,
        number=number.strip(),
        name=name.strip(),
        branch=branch.strip(),
        week1=_week1(given),
    )


def _needed(given: Given, value: str | None, option: str, question: str) -> str:
    if value is not None:
        return value
    if not given.asks:
        raise Refused(f"请用 {option} 写明{question}。")
    return str(typer.prompt(question))


def _asked(given: Given, question: str, default: str) -> str:
    """Return the answer to what may be left out."""
    return (
        str(typer.prompt(question, default=default, show_default=bool(default)))
        if given.asks
        else default
    )


def _token(folder: Path, given: Given) -> _Token:
    """Return what is known of the token: as given, as set already, as it lies in the folder, as asked."""
    configured = _configured(folder)
    if configured is not None:
        if given.token_file is not None:
            raise Refused("设置里已经写有令牌，不用再给 --token-file。")
        return replace(_verified(folder, configured), kept=None)
    file = given.token_file or folder / TOKEN
    if given.token_file is not None or file.exists():
        return _verified(folder, _of(file))
    return _asked_token(folder) if given.asks else _Token()


def _configured(folder: Path) -> str | None:
    try:
        return load_settings(folder).read_token()
    except SettingsError as error:
        raise Refused(f"设置有误：{error}") from None


def _asked_token(folder: Path) -> _Token:
    question = "@BotFather 给的令牌（输入时不显示；还没有就直接回车）"
    while True:
        said = str(typer.prompt(question, default="", hide_input=True, show_default=False))
        if not said.strip():
            return _Token()
        try:
            return _verified(folder, said.strip())
        except Refused as refusal:
            typer.echo(str(refusal))


def _of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except UnicodeDecodeError:
        raise Refused(WRONG_TOKEN) from None


def _verified(folder: Path, token: str) -> _Token:
    """Return the token with the bot's name; out of reach is said, and no end. Refused: a wrong token."""
    if not SHAPE.fullmatch(token):
        raise Refused(WRONG_TOKEN)
    try:
        name = name_of_bot(folder, token)
    except Refused as refusal:
        if str(refusal) == WRONG_TOKEN:
            raise
        typer.echo(f"{refusal}现在没有核对令牌，先继续。", err=True)
        return _Token(kept=token, exists=True)
    typer.echo(f"令牌有效：@{name}", err=True)
    return _Token(kept=token, exists=True, bot_name=name)


def _week1(given: Given) -> date | None:
    if given.week1 is not None:
        return _monday(given.week1)
    while given.asks:
        said = _asked(given, "本学期第一周的周一，如 2026-09-07（以后再定就直接回车）", "").strip()
        if not said:
            break
        try:
            return _monday(date.fromisoformat(said))
        except Refused as refusal:
            typer.echo(str(refusal))
        except ValueError:
            typer.echo("请写成 2026-09-07 这样。")
    return None


def _monday(day: date) -> date:
    if day.year not in YEARS:
        raise Refused(f"年份应在 {YEARS[0]} 至 {YEARS[-1]} 之间。")
    require_monday(day)
    return day
