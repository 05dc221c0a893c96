"""The ``yinlu`` command: parses, calls, prints."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot import settings
from bot.commands import backups, reading
from bot.commands.carrying import carry
from bot.desks import BACKUPS, open_desk
from bot.outcome import Outcome, refused
from bot.refusal import Refused
from bot.rules.term import YEARS
from storage.store import StoreError

app = typer.Typer(
    help="引路：提醒谈话和交表，记录确认。", no_args_is_help=True, pretty_exceptions_enable=False
)
roster_app = typer.Typer(help="花名册：模板、检查、导入、导出。", no_args_is_help=True)
term_app = typer.Typer(help="学期：设定第一周的周一。", no_args_is_help=True)
app.add_typer(roster_app, name="roster")
app.add_typer(term_app, name="term")

Json = Annotated[bool, typer.Option("--json", help="只输出一个 JSON 文档。")]
File = Annotated[Path, typer.Argument(help="文件。")]


def _near(moment: datetime | None) -> datetime | None:
    """Refuse as wrong usage a day with which nothing can be reckoned; nobody means it."""
    if moment is not None and not YEARS[0] <= moment.year <= YEARS[-1]:
        raise typer.BadParameter(f"日期应在 {YEARS[0]} 年至 {YEARS[-1]} 年之间。")
    return moment


@app.callback()
def data_option(
    context: typer.Context,
    data: Annotated[Path | None, typer.Option(help="存放一切数据的文件夹（YINLU_DATA）。")] = None,
) -> None:
    """Remember the data folder."""
    context.obj = data or settings.data_folder()


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


@roster_app.command("template")
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


@roster_app.command("check")
def roster_check(context: typer.Context, file: File, as_json: Json = False) -> None:
    """检查花名册，列出每一处问题，不做改动。"""
    with open_desk(context.obj, writing=False) as desk:
        outcome = reading.check_roster(desk, file)
    show(outcome, as_json=as_json)


@roster_app.command("import")
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


@roster_app.command("export")
def roster_export(context: typer.Context, file: File) -> None:
    """把现在的花名册写成工作簿。"""
    from bot.actions import roster  # loads openpyxl
    from storage import workbook

    with new_file(file), open_desk(context.obj, writing=False) as desk:
        workbook.write(file, roster.export(desk.store))
    show(Outcome(lines=(f"已写出 {file}。",)))


@term_app.command("set")
def term_set(
    context: typer.Context,
    week1: Annotated[
        datetime, typer.Argument(formats=["%Y-%m-%d"], callback=_near, help="第一周的周一。")
    ],
    name: Annotated[str | None, typer.Option(help="学期名，如 2026-2027-1。")] = None,
) -> None:
    """开始新学期，或更正本学期第一周的日期。"""
    arguments = {"week1": week1.date().isoformat(), "name": name}
    show(carry(context.obj, "term set", arguments))


@term_app.command("show")
def term_show(context: typer.Context, as_json: Json = False) -> None:
    """看本学期的日期和接下来的提醒。"""
    with open_desk(context.obj, writing=False) as desk:
        outcome = reading.show_term(desk)
    show(outcome, as_json=as_json)


@app.command()
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


@app.command()
def plan(
    context: typer.Context,
    start: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], callback=_near)
    ] = None,
    end: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], callback=_near)
    ] = None,
    as_json: Json = False,
) -> None:
    """看哪一天会给谁发什么。"""
    with open_desk(context.obj, writing=False) as desk:
        outcome = reading.plan(desk, _date(start), _date(end))
    show(outcome, as_json=as_json)


def _date(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


@app.command()
def status(
    context: typer.Context,
    branch: Annotated[str | None, typer.Option(help="只看一个学生支部。")] = None,
    as_json: Json = False,
) -> None:
    """看各学生支部的进度。"""
    with open_desk(context.obj, writing=False) as desk:
        outcome = reading.status(desk, branch)
    show(outcome, as_json=as_json)


@app.command()
def export(context: typer.Context, file: File) -> None:
    """写出进度工作簿：每支部一张表，另有导师和合计。"""
    from bot.commands.papers import report_of  # loads what messages are composed with

    with new_file(file), open_desk(context.obj, writing=False) as desk:
        file.write_bytes(report_of(desk))
    show(Outcome(lines=(f"已写出 {file}。",)))


@app.command()
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


@app.command()
def messages(
    context: typer.Context,
    keys: Annotated[list[str] | None, typer.Argument(help="消息的名字；不写则列出全部。")] = None,
    as_json: Json = False,
) -> None:
    """列出机器人说的每一句话；可以用数据文件夹里的 messages.toml 替换。"""
    from bot.commands.texts import messages as listed  # loads the texts

    show(listed(context.obj, keys or ()), as_json=as_json)


@app.command()
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


@app.command()
def verify(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="备份文件；不写则核对现在的数据。")] = None,
) -> None:
    """核对备份，或现在的数据。"""
    show(backups.verify(context.obj, file))


@app.command()
def restore(context: typer.Context, file: File) -> None:
    """用备份恢复；完好的数据不会被覆盖。"""
    show(backups.restore(context.obj, file))


@app.command()
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


@app.command()
def intro(context: typer.Context, as_json: Json = False) -> None:
    """看进行中的入党介绍：各步日期，还缺什么。"""
    from bot.commands.introductions import introductions

    with open_desk(context.obj, writing=False) as desk:
        outcome = introductions(desk)
    show(outcome, as_json=as_json)


@app.command()
def opinion(
    file: File,
    other: Annotated[Path | None, typer.Option(help="另一位介绍人的意见。")] = None,
    as_json: Json = False,
) -> None:
    """检查入党介绍人意见的写法，只给提示，不保存。"""
    from bot.commands.opinion import check_opinion  # compiles many patterns

    show(check_opinion(file, other), as_json=as_json)


@app.command()
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


@app.command()
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


@app.command()
def doctor(context: typer.Context, as_json: Json = False) -> None:
    """看一切是否正常：数据、进程、收发、备份；有问题时写明怎么办。"""
    from bot.commands.doctor import doctor as examine  # loads what a running bot needs

    outcome = examine(context.obj)
    show(replace(outcome, code=0), as_json=as_json)
    if outcome.code:
        show(refused(f"有 {len(outcome.document['sick'])} 处需要处理。"))


@app.command()
def run(context: typer.Context) -> None:
    """运行机器人（长轮询）。"""
    from bot.serve import serve  # loads the Telegram library

    serve(context.obj)


@app.command()
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
        typer.Option(formats=["%Y-%m-%d"], callback=_near, help="本学期第一周的周一。"),
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
        week1=_date(term),
        asks=asks,
    )
    show(begin(folder, answers(folder, given)))


@app.command()
def service(
    context: typer.Context,
    user: Annotated[str | None, typer.Option(help="由哪个用户运行；不写就是现在的用户。")] = None,
) -> None:
    """写出 systemd 服务的配置。"""
    from bot.commands.service_unit import unit

    show(unit(context.obj, user))


@app.command()
def rehearse(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=0, max=65535, help="本机端口；0 为任选。")] = 0,
    roster: Annotated[Path | None, typer.Option(help="用这份花名册里的人。")] = None,
    headless: Annotated[bool, typer.Option("--headless", help="无人值守演一个学期。")] = False,
) -> None:
    """演练：不用 Telegram，在本机演一个学期。"""
    from bot.rehearsal.play import rehearse as play  # loads the embedded Bot API

    raise typer.Exit(play(context.obj, port=port, roster=roster, headless=headless))


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
