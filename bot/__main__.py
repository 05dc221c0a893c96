"""The ``yinlu`` command: parses, calls, prints. The commands themselves: `bot.cli`."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot import settings
from bot.cli import keeping, reports, roster, running
from bot.refusal import Refused
from storage.store import StoreError

app = typer.Typer(
    help="引路：提醒谈话和交表，记录确认。", no_args_is_help=True, pretty_exceptions_enable=False
)
for part in (running, roster, reports, keeping):
    app.add_typer(part.commands)


@app.callback()
def data_option(
    context: typer.Context,
    data: Annotated[Path | None, typer.Option(help="存放一切数据的文件夹（YINLU_DATA）。")] = None,
) -> None:
    """Remember the data folder."""
    context.obj = data or settings.data_folder()


def main() -> None:
    """Run the command; a refusal is one line on stderr and exit code 1."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # Chinese, whatever the locale says
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        app()
    except (Refused, StoreError) as refusal:
        print(refusal, file=sys.stderr)
        sys.exit(1)
    except OSError as error:
        print(f"{error.filename or '系统'}：{error.strerror or error}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
