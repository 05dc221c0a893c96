"""`yinlu export`, `yinlu forms`: what the office takes out of the bot on its own machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot import college
from bot.commands.reading import student_branches
from bot.compose.registration import of_branch, registration
from bot.compose.report import report
from bot.desk import Desk
from bot.outcome import Outcome
from bot.refusal import Refused
from messages import document
from messages import report as reports
from messages.document import Template
from messages.file_names import file_name
from storage.contents import make_folder
from storage.records import Branch, FormKind


def report_of(desk: Desk) -> bytes:
    """Return the progress workbook of every student branch, with numbers. Refused: there is none."""
    chosen = college.student_branches(desk.store)
    if not chosen:
        raise Refused("还没有学生支部，请先导入花名册。")
    return reports.written(report(desk, chosen, numbered=True))


def write_forms(desk: Desk, folder: Path, branch: str | None, *, together: bool) -> Outcome:
    """Write everybody's form into the folder: a file each, or one per branch and form.

    Refused: there is something in the folder, nobody to write for, or a template that can't be used.
    """
    check_templates(desk.templates)
    chosen = student_branches(desk, branch)
    if folder.exists() and any(folder.iterdir()):
        raise Refused(f"{folder} 里已有文件，没有覆盖。请换一个空的文件夹。")
    if not any(of_branch(desk, one, kind) for one in chosen for kind in FormKind):
        raise Refused("没有要写登记表的学生，请先导入花名册。")
    written = 0
    for kind in FormKind:
        template = Template(kind, desk.templates)
        for one in chosen:
            for path, made in _files(desk, template, kind, one, together=together):
                _write(folder / path, made)
                written += 1
    return Outcome(lines=(f"已写出 {written} 个文件，在 {folder}。",))


def _files(
    desk: Desk, template: Template, kind: FormKind, branch: Branch, *, together: bool
) -> Iterator[tuple[Path, bytes]]:
    people = of_branch(desk, branch, kind)
    each = [registration(desk, one, numbered=True) for one in people]
    if together:
        if each:
            yield Path(document.name_of(branch.name, kind)), template.filled(each)
        return
    own = Path(file_name(branch.name, "")[:-1])
    for facts in each:
        name = file_name(f"{facts.name}_{facts.number}", "docx")
        yield own / name, template.filled([facts])


def _write(path: Path, made: bytes) -> None:
    """For its owner alone: there are numbers in it."""
    make_folder(path.parent)
    path.touch(mode=0o600)
    path.write_bytes(made)


def check_templates(own: Path | None) -> None:
    """Check the office's own templates. Refused: one can't be used; the line names what is wrong."""
    if own is not None:
        try:
            document.check(own)
        except document.TemplateFault as fault:
            raise Refused(f"登记表模板有误：{fault}") from None
