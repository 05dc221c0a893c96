"""What keeps the records safe: backups, checks, purges."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import File, Json, show
from bot.commands import backups
from bot.commands.carrying import carry
from bot.desks import BACKUPS, open_desk
from bot.outcome import refused

commands = typer.Typer()


@commands.command()
def backup(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(help="备份文件；不写则存入数据文件夹的 backups。")
    ] = None,
) -> None:
    """备份全部数据，写完重新读出核对。"""
    folder = (context.obj / BACKUPS).absolute()
    arguments = {"file": file and str(file.absolute()), "folder": str(folder)}
    show(carry(context.obj, "backup", arguments))


@commands.command()
def verify(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="备份文件；不写则核对现在的数据。")] = None,
) -> None:
    """核对备份，或现在的数据。"""
    show(backups.verify(context.obj, file))


@commands.command()
def restore(context: typer.Context, file: File) -> None:
    """用备份恢复；完好的数据不会被覆盖。"""
    show(backups.restore(context.obj, file))


@commands.command()
def purge(
    context: typer.Context,
    person: Annotated[
        list[str] | None, typer.Option(help="编号，可写多次：已离开的人，现在就清除。")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看会清除什么，不做改动。")] = False,
    as_json: Json = False,
) -> None:
    """清除到期的记录（保存期限见设置），连同旧的备份；机器人每天自己做一次。"""
    if dry_run:
        from bot.commands.purging import preview

        with open_desk(context.obj, writing=False) as desk:
            outcome = preview(desk, person or [])
    else:
        arguments = {"folder": str(context.obj.absolute()), "people": person or []}
        outcome = carry(context.obj, "purge", arguments)
    show(outcome, as_json=as_json)


@commands.command()
def audit(
    context: typer.Context,
    person: Annotated[
        str | None, typer.Option(help="编号：只看这个人办的和关于这个人的。")
    ] = None,
    as_json: Json = False,
) -> None:
    """看记录：谁、何时、办了什么、为谁、为什么；不含内容。"""
    from bot.commands.auditing import audit as listed  # loads the words of the chat

    with open_desk(context.obj, writing=False) as desk:
        outcome = listed(desk, person)
    show(outcome, as_json=as_json)


@commands.command()
def doctor(context: typer.Context, as_json: Json = False) -> None:
    """看一切是否正常：数据、进程、收发、备份；有问题时写明怎么办。"""
    from bot.commands.doctor import doctor as examine  # loads what a running bot needs

    outcome = examine(context.obj)
    show(replace(outcome, code=0), as_json=as_json)
    if outcome.code:
        show(refused(f"有 {len(outcome.document['sick'])} 处需要处理。"))
