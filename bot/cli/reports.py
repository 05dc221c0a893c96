"""What there is to see, and the papers that are written out."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import File, Json, day_of, near, new_file, show
from bot.commands import reading
from bot.desks import open_desk
from bot.outcome import Outcome

commands = typer.Typer()


@commands.command()
def plan(
    context: typer.Context,
    start: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], callback=near)
    ] = None,
    end: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], callback=near)
    ] = None,
    as_json: Json = False,
) -> None:
    """看哪一天会给谁发什么。"""
    with open_desk(context.obj, writing=False) as desk:
        outcome = reading.plan(desk, day_of(start), day_of(end))
    show(outcome, as_json=as_json)


@commands.command()
def status(
    context: typer.Context,
    branch: Annotated[str | None, typer.Option(help="只看一个学生支部。")] = None,
    as_json: Json = False,
) -> None:
    """看各学生支部的进度。"""
    with open_desk(context.obj, writing=False) as desk:
        outcome = reading.status(desk, branch)
    show(outcome, as_json=as_json)


@commands.command()
def export(context: typer.Context, file: File) -> None:
    """写出进度工作簿：每支部一张表，另有导师和合计。"""
    from bot.commands.papers import report_of  # loads what messages are composed with

    with new_file(file), open_desk(context.obj, writing=False) as desk:
        file.write_bytes(report_of(desk))
    show(Outcome(lines=(f"已写出 {file}。",)))


@commands.command()
def forms(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="空的文件夹；没有就新建。")],
    branch: Annotated[str | None, typer.Option(help="只写一个学生支部。")] = None,
    together: Annotated[
        bool, typer.Option("--together", help="每支部每种表一个文件，便于打印；不写则一人一个。")
    ] = False,
) -> None:
    """写出登记表（Word），填好能填的，其余留空手写。"""
    from bot.commands.papers import write_forms  # loads what messages are composed with

    with open_desk(context.obj, writing=False) as desk:
        outcome = write_forms(desk, folder, branch, together=together)
    show(outcome)


@commands.command()
def intro(context: typer.Context, as_json: Json = False) -> None:
    """看进行中的入党介绍：各步日期，还缺什么。"""
    from bot.commands.introductions import introductions

    with open_desk(context.obj, writing=False) as desk:
        outcome = introductions(desk)
    show(outcome, as_json=as_json)


@commands.command()
def opinion(
    file: File,
    other: Annotated[Path | None, typer.Option(help="另一位介绍人的意见。")] = None,
    as_json: Json = False,
) -> None:
    """检查入党介绍人意见的写法，只给提示，不保存。"""
    from bot.commands.opinion import check_opinion  # compiles many patterns

    show(check_opinion(file, other), as_json=as_json)


@commands.command()
def messages(
    context: typer.Context,
    keys: Annotated[list[str] | None, typer.Argument(help="消息的名字；不写则列出全部。")] = None,
    as_json: Json = False,
) -> None:
    """列出机器人说的每一句话；可以用数据文件夹里的 messages.toml 替换。"""
    from bot.commands.texts import messages as listed  # loads the texts

    show(listed(context.obj, keys or ()), as_json=as_json)
