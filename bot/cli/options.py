"""What the commands share: how they are asked, and how they answer."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.outcome import Outcome
from bot.refusal import Refused
from bot.rules.term import YEARS

Json = Annotated[bool, typer.Option("--json", help="只输出一个 JSON 文档。")]
File = Annotated[Path, typer.Argument(help="文件。")]


def near(moment: datetime | None) -> datetime | None:
    """Refuse as wrong usage a day with which nothing can be reckoned; nobody means it."""
    if moment is not None and not YEARS[0] <= moment.year <= YEARS[-1]:
        raise typer.BadParameter(f"日期应在 {YEARS[0]} 年至 {YEARS[-1]} 年之间。")
    return moment


def day_of(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


def show(outcome: Outcome, *, as_json: bool = False) -> None:
    """Print an outcome and end with its exit code; refusals go to stderr."""
    if as_json and outcome.document is not None:
        print(json.dumps(outcome.document, ensure_ascii=False))
    if outcome.lines and (outcome.code or not as_json):
        print("\n".join(outcome.lines), file=sys.stderr if outcome.code else sys.stdout)
    if outcome.code:
        raise typer.Exit(outcome.code)


@contextlib.contextmanager
def new_file(file: Path) -> Iterator[None]:
    """Make a file for its owner alone before anything else is done; without success it goes again.

    Raises Refused: there is one already, or it can't be made.
    """
    try:
        file.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        raise Refused(f"{file} 已存在，没有覆盖。请换一个文件名。") from None
    try:
        yield
    except BaseException:
        file.unlink(missing_ok=True)
        raise
