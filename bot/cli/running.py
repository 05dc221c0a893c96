"""The bot itself: made ready, run, rehearsed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import day_of, near, show
from storage.garbage import no_looking_for_garbage

commands = typer.Typer()


@commands.command()
def init(
    context: typer.Context,
    token_file: Annotated[
        Path | None, typer.Option(help="写有令牌的文件；会复制到数据文件夹。")
    ] = None,
    name: Annotated[str | None, typer.Option(help="第一位学院工作人员的姓名。")] = None,
    number: Annotated[str | None, typer.Option(help="这位的编号。")] = None,
    branch: Annotated[str | None, typer.Option(help="这位所在的支部。")] = None,
    term: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], callback=near, help="本学期第一周的周一。"),
    ] = None,
    asks: Annotated[bool, typer.Option("--ask/--no-ask", help="没有写明的是否询问。")] = True,
) -> None:
    """准备数据文件夹：令牌、第一位学院工作人员、花名册模板、学期。"""
    from bot.commands.beginning import begin  # loads openpyxl
    from bot.commands.wizard import Given, answers

    folder = context.obj
    if asks and context.parent is not None and context.parent.params["data"] is None:
        folder = Path(typer.prompt("数据文件夹", default=str(folder)))
    given = Given(
        token_file=token_file,
        name=name,
        number=number,
        branch=branch,
        week1=day_of(term),
        asks=asks,
    )
    show(begin(folder, answers(folder, given)))


@commands.command()
def run(context: typer.Context) -> None:
    """运行机器人（长轮询）。"""
    with no_looking_for_garbage():  # until `serve` has made what stays
        from bot.serve import serve  # loads the Telegram library

        serve(context.obj)


@commands.command()
def service(
    context: typer.Context,
    user: Annotated[str | None, typer.Option(help="由哪个用户运行；不写就是现在的用户。")] = None,
) -> None:
    """写出 systemd 服务的配置。"""
    from bot.commands.service_unit import unit

    show(unit(context.obj, user))


@commands.command()
def rehearse(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=0, max=65535, help="本机端口；0 为任选。")] = 0,
    roster: Annotated[Path | None, typer.Option(help="用这份花名册里的人。")] = None,
    headless: Annotated[bool, typer.Option("--headless", help="无人值守演一个学期。")] = False,
) -> None:
    """演练：不用 Telegram，在本机演一个学期。"""
    from bot.rehearsal.play import rehearse as play  # loads the embedded Bot API

    raise typer.Exit(play(context.obj, port=port, roster=roster, headless=headless))
