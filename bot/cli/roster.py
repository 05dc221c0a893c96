"""What the office puts in: the roster, the term, links, mentors."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import File, Json, near, new_file, show
from bot.commands import reading
from bot.commands.carrying import carry
from bot.desks import open_desk
from bot.outcome import Outcome

commands = typer.Typer()
roster_commands = typer.Typer(help="花名册：模板、检查、导入、导出。", no_args_is_help=True)
term_commands = typer.Typer(help="学期：设定第一周的周一。", no_args_is_help=True)
commands.add_typer(roster_commands, name="roster")
commands.add_typer(term_commands, name="term")


@roster_commands.command("template")
def roster_template(
    file: File, sample: Annotated[bool, typer.Option("--sample", help="填入虚构的示例。")] = False
) -> None:
    """写出花名册模板。"""
    from storage import workbook  # loads openpyxl

    with new_file(file):
        if sample:
            from bot.rehearsal.college import sample as made_up

            workbook.write(file, made_up())
        else:
            workbook.write(file)
    show(Outcome(lines=(f"已写出 {file}。填好后运行 yinlu roster check {file}。",)))


@roster_commands.command("check")
def roster_check(context: typer.Context, file: File, as_json: Json = False) -> None:
    """检查花名册，列出每一处问题，不做改动。"""
    with open_desk(context.obj, writing=False) as desk:
        outcome = reading.check_roster(desk, file)
    show(outcome, as_json=as_json)


@roster_commands.command("import")
def roster_import(
    context: typer.Context,
    file: File,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看会怎样，不做改动。")] = False,
    remove_missing: Annotated[
        bool, typer.Option("--remove-missing", help="名册未列出的人记为离开（不删除）。")
    ] = False,
    as_json: Json = False,
) -> None:
    """导入花名册；有任何问题就不做改动。"""
    if dry_run:
        with open_desk(context.obj, writing=False) as desk:
            outcome = reading.check_roster(desk, file, remove_missing=remove_missing)
    else:
        from storage import workbook_apart  # loads pydantic

        found = workbook_apart.read(file).as_json().decode()
        arguments = {"found": found, "remove_missing": remove_missing}
        outcome = carry(context.obj, "roster import", arguments)
    show(outcome, as_json=as_json)


@roster_commands.command("export")
def roster_export(context: typer.Context, file: File) -> None:
    """把现在的花名册写成工作簿。"""
    from bot.actions import roster  # loads openpyxl
    from storage import workbook

    with new_file(file), open_desk(context.obj, writing=False) as desk:
        workbook.write(file, roster.export(desk.store))
    show(Outcome(lines=(f"已写出 {file}。",)))


@term_commands.command("set")
def term_set(
    context: typer.Context,
    week1: Annotated[
        datetime, typer.Argument(formats=["%Y-%m-%d"], callback=near, help="第一周的周一。")
    ],
    name: Annotated[str | None, typer.Option(help="学期名，如 2026-2027-1。")] = None,
) -> None:
    """开始新学期，或更正本学期第一周的日期。"""
    arguments = {"week1": week1.date().isoformat(), "name": name}
    show(carry(context.obj, "term set", arguments))


@term_commands.command("show")
def term_show(context: typer.Context, as_json: Json = False) -> None:
    """看本学期的日期和接下来的提醒。"""
    with open_desk(context.obj, writing=False) as desk:
        outcome = reading.show_term(desk)
    show(outcome, as_json=as_json)


@commands.command()
def invite(
    context: typer.Context,
    person: Annotated[list[str] | None, typer.Option(help="编号，可写多次。")] = None,
    everyone: Annotated[bool, typer.Option("--all", help="所有未开通的人。")] = False,
    out: Annotated[Path | None, typer.Option(help="写成工作簿：每支部一张表，带二维码。")] = None,
    as_json: Json = False,
) -> None:
    """生成开通链接（一次有效，绑定本人）。"""
    if bool(person) == everyone:
        raise typer.BadParameter("请写 --person 编号，或 --all，二者取一。")
    arguments = {"people": person or [], "everyone": everyone}
    if out is None:
        show(carry(context.obj, "invite", arguments), as_json=as_json)
        return
    from bot.commands import invitations  # loads openpyxl

    with new_file(out):
        outcome = carry(context.obj, "invite", arguments)
        if outcome.code:
            show(outcome)
        with open_desk(context.obj, writing=False) as desk:
            invitations.write(desk, outcome.document, out)
    written = f"已写出 {out}，共 {len(outcome.document)} 人。"
    show(Outcome(lines=(written,), document=outcome.document), as_json=as_json)


@commands.command()
def assign(
    context: typer.Context,
    branch: Annotated[str | None, typer.Option(help="只分配一个学生支部。")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看建议，不做改动。")] = False,
    as_json: Json = False,
) -> None:
    """给还没有培养联系人、入党介绍人的学生分配。"""
    from bot.commands.assigning import preview

    if dry_run:
        with open_desk(context.obj, writing=False) as desk:
            outcome = preview(desk, branch=branch)
    else:
        outcome = carry(context.obj, "assign", {"branch": branch})
    show(outcome, as_json=as_json)
