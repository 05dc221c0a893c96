"""A marker in everything that must not get about; everything driven; where the markers turned up.

``python -m tests.bot.matrix.canary`` prints the table: groups, logs, files by chat, private chats.
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl

from bot import logs
from bot.actions import roster
from messages.facts import FORM_NAMES, STAGES, TITLES
from storage import workbook
from storage.records import Duty, Kind, Person, PersonId, RowState, Stage
from tests.bot.matrix import spec
from tests.bot.matrix.scene import STUDENTS, Scene, a_college
from tests.bot.matrix.things import THINGS
from tests.bot.rules.opinions import CLOSING, EXAMPLE
from tests.support.chat import GROUP, TOKEN, Chat, chatting
from tests.support.clock import at

# What is marked, by its sign; the number behind it says whose it is.
MARKERS = {
    "QNUM": "编号",
    "QREL": "亲属",
    "QREM": "备注, with a telephone number",
    "QCLS": "班级",
    "QWHY": "reason or other answer typed",
    "QWISH": "request about one's data",
    "QDRAFT": "draft opinion",
}
NAME, WORDS, SECRET = "name", "stage or name of a form", "token"
NEVER = ("QNUM", "QREL", "QREM", "QDRAFT")  # over Telegram, to anybody
EXCLUSION = re.compile("可任介绍人|不得任介绍人|13800001234")
GROUPS, LOGS, FILES = "groups", "logs", "files by chat"
THEIRS, BACK, OTHERS = "entitled", "told back", "others"
PLACES = (GROUPS, LOGS, FILES, THEIRS, BACK, OTHERS)
# Refusals that repeat whom somebody has typed, or of whom a button of their own is (policy § 5.6).
TOLD_BACK = re.compile("本人可以确认谈话|结对支部已另作安排|没有找到“")
MARK = re.compile(rf"({'|'.join(MARKERS)})(\d+)X")
STAGE_OR_FORM = re.compile("|".join([*STAGES.values(), *FORM_NAMES.values()]))
DRAFT = EXAMPLE.replace("组织了十二次早读", "QDRAFT0X")
LENGTH = 46  # days from the first Monday until everything overdue has been told

MAKE_FILES = (
    "export",
    "print_forms",
    "invite_all_yes",
)  # seconds each: asked for once, in the term

Figures = Counter[tuple[str, str]]


class Watch:
    """Looks through every call to Telegram; ``figures``: how often a marker was in a place."""

    def __init__(self, chat: Chat, figures: Figures) -> None:
        self.chat = chat
        self.store = chat.desk.store
        self.figures = figures
        self.calls = 0
        self.group_presses = 0
        self.leaks: list[str] = []
        self._seen = 0

    def mark(self) -> None:
        """Put a marker into everything that is kept of a person; the roster comes with remarks."""
        with self.store.transaction():
            for one in self.store.people:
                number, relative = (f"{sign}{one.id}X" for sign in ("QNUM", "QREL"))
                cls = f"QCLS{one.id}X" if one.kind is Kind.STUDENT else None
                marked = replace(one, number=number, class_name=cls, relatives=(relative,))
                self.store.people.put(replace(marked, may_introduce=one.name != "郑强"))
            for wish in self.store.requests:
                self.store.requests.put(replace(wish, text=f"QWISH{wish.person}X"))
        self._import_remarks()

    def _import_remarks(self) -> None:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "roster.xlsx"
            workbook.write(path, roster.export(self.store))
            book = openpyxl.load_workbook(path)
            sheet = book["人员"]
            column = sheet.max_column + 1
            for row in range(1, sheet.max_row + 1):
                sheet.cell(row, column, "备注" if row == 1 else f"QREM{row}X 13800001234")
            book.save(path)
            rows, faults = workbook.read(path)
        assert not faults, faults
        with self.store.transaction():
            roster.apply(self.store, rows, at=self.chat.desk.now())

    async def settle(self, presser: int) -> None:
        """Send what waits, and look it through; notes over a press are read by ``presser``."""
        app = self.chat.app
        await app.intake.sweep()
        await app.outbox.drain()
        calls = self.chat.recorder.calls
        for method, given in calls[self._seen :]:
            self._look(method, given, given.get("chat_id", presser))
        self.calls += len(calls) - self._seen
        self._seen = len(calls)

    def _look(self, method: str, given: dict[str, Any], chat: int) -> None:
        content = given.get("document")
        if isinstance(content, tuple):
            self._count(FILES, "\n".join(unpacked(content[1])), None)
        said = json.dumps(given, ensure_ascii=False, default=str)
        if chat < 0:
            self._count(GROUPS, said, None)
        elif method != "setMyCommands":
            self._count(THEIRS, said, self._reader(chat))

    def _count(self, place: str, said: str, reader: Person | None) -> None:
        for sign, whose in MARK.findall(said):
            where = place
            if place == THEIRS and not self.is_entitled(reader, PersonId(int(whose))):
                where = OTHERS
            self._note(sign, where, said)
        if found := EXCLUSION.search(said):
            self._note("QREM", place, f"{found} {said}")
        if place == GROUPS:
            for word in [*self._names(), *STAGE_OR_FORM.findall(said)]:
                if word in said:
                    self._note(WORDS if STAGE_OR_FORM.match(word) else NAME, place, said)
        if place == THEIRS:
            self._count_names(said, reader)

    def _count_names(self, said: str, reader: Person | None) -> None:
        """Who is on the way into the Party is known to whom it concerns; so is what goes with it."""
        for one in self.store.people:
            if one.kind is Kind.STUDENT and one.stage is not Stage.FULL and one.name in said:
                others = BACK if TOLD_BACK.search(said) else OTHERS
                where = THEIRS if self.is_entitled(reader, one.id) else others
                self._note(NAME, where, said)
                if STAGE_OR_FORM.search(said):
                    self._note(WORDS, where, said)

    def _note(self, what: str, where: str, said: str) -> None:
        self.figures[what, where] += 1
        if where in {GROUPS, OTHERS} or (what in NEVER):
            self.leaks.append(f"{what} {where}: {said[:400]}")

    def _names(self) -> Iterator[str]:
        for one in self.store.people:
            yield one.name
            yield from (f"{one.name[0]}{title}" for title in TITLES.values())

    def _reader(self, telegram: int) -> Person | None:
        live = [one for one in self.store.accounts.where("telegram", telegram) if not one.until]
        person = self.store.people[live[0].person] if live else None
        return None if person is None or person.left else person

    def is_entitled(self, reader: Person | None, whose: PersonId) -> bool:
        """PRODUCT § 4: the person, their mentors, their branch's secretary and committee member, the office."""
        subject = self.store.people.get(whose)
        if reader is None or subject is None:
            return False
        mentors = {one.mentor for one in self.store.pairings.where("student", whose)}
        keeps = {Duty.SECRETARY, Duty.COMMITTEE} & {*reader.duties}
        branches = {subject.branch}
        if subject.kind is Kind.TEACHER:  # whose request the secretary of their students answers
            taught = self.store.pairings.where("mentor", whose)
            branches |= {self.store.people[one.student].branch for one in taught}
        return (
            reader.id == whose
            or reader.id in mentors
            or Duty.OFFICE in reader.duties
            or bool(keeps and reader.branch in branches)
        )


def unpacked(content: bytes) -> Iterable[str]:
    """Every part of a workbook or a document, or of a zip of these."""
    if not content.startswith(b"PK"):
        return [content.decode("utf-8", "replace")]
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        inside = [parts.read(name) for name in parts.namelist()]
        return [*parts.namelist(), *(text for part in inside for text in unpacked(part))]


async def everything(figures: Figures, objects: Iterable[str]) -> Watch:
    """Everybody presses every button, in groups too, and says every command and word; what is asked is answered."""
    async with a_college() as scene:
        watch = Watch(scene.chat, figures)
        watch.mark()
        scene.stay()
        for role in spec.ROLES:
            for whose in objects:
                await _pressed(scene, watch, role, whose)
                await _pressed_in_groups(scene, watch, role, whose)
                await _said(scene, watch, role, whose)
    return watch


async def _pressed(scene: Scene, watch: Watch, role: str, whose: str) -> None:
    person = scene.person(role)
    for name in (name for name in spec.BUTTONS if name not in MAKE_FILES):
        token = scene.button(role, *THINGS[name](scene, role, whose))
        effect = await scene.press(role, token)
        await watch.settle(scene.telegram[role])
        if effect.facts:
            if "questions" in effect.facts:
                wish = person is not None and name in {"data_correct", "data_erase"}
                sign, about = ("QWISH", person) if wish else ("QWHY", None)
                await scene.say(role, f"{sign}{about.id if about else scene.student(whose)}X")
                await watch.settle(scene.telegram[role])
            scene.go_back()


async def _pressed_in_groups(scene: Scene, watch: Watch, role: str, whose: str) -> None:
    """As if each had once got under a message of the group, where an edit would be read by all."""
    for place in (spec.BRANCH_GROUP, spec.OTHER_GROUP):
        for name in spec.BUTTONS:
            token = scene.button(role, *THINGS[name](scene, role, whose), place=place)
            effect = await scene.press(role, token, place)
            await watch.settle(scene.telegram[role])
            if effect.facts:
                scene.go_back()
        await scene.press(role, f"person_card {STUDENTS[whose]}", place)  # no token of ours
        await watch.settle(scene.telegram[role])
        watch.group_presses += len(spec.BUTTONS) + 1


async def _said(scene: Scene, watch: Watch, role: str, whose: str) -> None:
    name = STUDENTS[whose]
    texts = [f"/{one} {name}" for one in spec.COMMANDS]
    texts += [*map("/{}".format, spec.COMMANDS), *(one.format(name=name) for one in spec.WORDS)]
    texts += [DRAFT + CLOSING, name]
    texts = [one for one in texts if "export" not in one and "导出" not in one]
    for place in spec.PLACES:
        for text in texts:
            effect = await scene.say(role, text, place)
            await watch.settle(scene.telegram[role])
            if effect.facts:
                scene.go_back()


async def a_term(figures: Figures) -> Watch:
    """The reminders of one small term, some of what people do in it, and the files they ask for."""
    async with chatting(at(2026, 9, 7, 8), paced=True) as chat:
        watch = Watch(chat, figures)
        watch.mark()
        await chat.say("林峰", "/link", chat=GROUP)
        for day in range(LENGTH):
            await _a_day(chat, at(2026, 9, 7, 9) + timedelta(days=day))
            await watch.settle(0)
        for who in ("林峰", "陈静", "何主任"):
            await chat.say(who, "/export")
        await chat.say("陈静", "/forms")
        await chat.press("陈静", "打印登记表")
        await watch.settle(0)
        assert sum(one.file is not None for one in chat.recorder.shown.values()) >= 4
    return watch


async def _a_day(chat: Chat, morning: datetime) -> None:
    for hour in (9, 16, 17):
        await chat.tick(morning.replace(hour=hour))
    done = {
        (9, 15): [
            ("李明", "已谈"),
            ("钱二", "已谈"),
            ("王小雨", "约不上老师"),
            ("孙三", "没拿到表"),
        ],
        (9, 16): [("周老师", "属实"), ("赵一", "今天和周老师谈了"), ("李明", "/mydata")],
        (9, 17): [("周老师", "还没谈"), ("周老师", DRAFT + CLOSING), ("林峰", "/status")],
        (9, 18): [("周老师", "/done 孙三"), ("吴老师", "/status"), ("何主任", "/plan")],
        (9, 28): [("陈静", "/forms"), ("陈静", "收到李明的表"), ("林峰", "/plan")],
    }
    for who, text in done.get((morning.month, morning.day), []):
        await chat.say(who, text)
        await chat.say(who, text, chat=GROUP)


@contextmanager
def listening() -> Iterator[io.StringIO]:
    """Return what the bot would log at its most talkative; the logging of the test comes back after it."""
    root, written = logging.getLogger(), io.StringIO()
    handlers, levels = root.handlers[:], {one: logging.getLogger(one).level for one in logs.QUIET}
    level = root.level
    try:
        with redirect_stderr(written):
            logs.set_up("DEBUG")
            yield written
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        for name, before in levels.items():
            logging.getLogger(name).setLevel(before)


def run(objects: Iterable[str] = spec.OBJECTS) -> tuple[Figures, list[str], dict[str, int]]:
    """Return how often what was where, what must not have been, and how much was looked through."""
    figures = Figures()
    with listening() as written:
        watches = [asyncio.run(everything(figures, objects)), asyncio.run(a_term(figures))]
    logged = written.getvalue()
    leaks = [leak for one in watches for leak in one.leaks]
    names = {one.name for watch in watches for one in watch.store.people}
    for what in [
        *(sign for sign, _ in MARK.findall(logged)),
        *(NAME for n in names if n in logged),
    ]:
        figures[what, LOGS] += 1
        leaks.append(f"{what} in the logs")
    if TOKEN.split(":")[1] in logged:
        figures[SECRET, LOGS] += 1
        leaks.append("the token in the logs")
    much = {
        "calls": sum(one.calls for one in watches),
        "presses in groups": sum(one.group_presses for one in watches),
        "reminders": sum(
            row.reminder and row.state is RowState.SENT for row in watches[-1].store.outbox
        ),
        "lines of logs": len(logged.splitlines()),
    }
    return figures, leaks, much


def as_table(figures: Figures) -> str:
    rows = [f"| marker | {' | '.join(PLACES)} |", "|---" * (len(PLACES) + 1) + "|"]
    for what, words in {**MARKERS, NAME: NAME, WORDS: WORDS, SECRET: SECRET}.items():
        counts = " | ".join(str(figures[what, place]) for place in PLACES)
        rows.append(f"| {words} | {counts} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    found, leaked, looked = run()
    sys.stdout.write(f"{as_table(found)}\n{looked}\n" + "\n".join(leaked[:40]) + "\n")
    sys.exit(1 if leaked else 0)
