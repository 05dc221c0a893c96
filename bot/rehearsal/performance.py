"""One round played through: the bot on one side, the people on the other, time between them."""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.commands import reading
from bot.desk import Desk
from bot.desks import open_desk
from bot.refusal import Refused
from bot.rehearsal import scripts
from bot.rehearsal.agenda import Agenda
from bot.rehearsal.bot_process import BotProcess, Coming
from bot.rehearsal.botapi import World
from bot.rehearsal.company import Company, assemble
from bot.rehearsal.findings import Expectations, Finding, findings
from bot.rehearsal.stage import Stage
from bot.rehearsal.told_clock import ToldClock
from bot.rehearsal.transcript import Record
from bot.rules import reminders
from bot.rules.term import may_send
from bot.situation import situation
from storage import workbook_apart

REACH = timedelta(weeks=12)  # no reminder of a round lies farther ahead
AFTERWARDS = timedelta(days=1)  # people still answer what came last


class Performance:
    """Goes from one interesting moment to the next: something is due, or somebody acts.

    ``judged``: note what has to leave, at the cost of reading the whole book before each reminder.
    """

    def __init__(
        self,
        folder: Path,
        clock: ToldClock,
        world: World,
        transcript: Record,
        bot: BotProcess,
        *,
        judged: bool = True,
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._world = world
        self._transcript = transcript
        self._bot = bot
        self._agenda = Agenda(clock)
        self._expected = Expectations()
        self._judged = judged
        self._company: Company | None = None
        self._coming = Coming()
        self._begin = self.end = clock.now()

    async def set_scene(self, book: Path | None, week1: date) -> None:
        """Import, open the round, invite: by the commands that an office would type."""
        if book is not None:
            said = (await asyncio.to_thread(workbook_apart.read, book)).as_json().decode()
            await self._ask("roster import", found=said, remove_missing=False)
        await self._ask("term set", week1=week1.isoformat(), name=None)
        links = await self.invite(people=[], everyone=True)
        with self.desk() as desk:
            self._assemble(desk)
            found = {number: desk.store.people.one("number", number) for number in links}
        invited = {one.id: (number, links[number]) for number, one in found.items() if one}
        scripts.begin_everything(self.cast)
        scripts.begin_enrolments(self.cast, invited)

    def _assemble(self, desk: Desk) -> None:
        windows, term = desk.windows(), desk.term()
        if windows is None or term is None:
            raise LookupError("the term was not opened")
        stage = Stage(self._clock, windows, self._agenda)
        told = self._transcript.did
        self._company = assemble(desk, stage, self._world, told, self._transcript.names)
        self._world.listen(self._transcript.said)
        self._world.listen(self._company.hears)
        planned = reminders.plan(situation(desk, term), desk.now(), desk.now() + REACH)
        self.end = max([desk.now(), *(one.at for one in planned)]) + AFTERWARDS

    async def run(self) -> None:
        """Play until the last reminder has gone and been answered."""
        await self.settle()
        while (moment := self.next()) is not None:
            await self.go_to(moment)

    async def settle(self) -> None:
        """Let the bot do all there is to do now. Raises BotEndedError."""
        self._coming = await self._bot.settle()

    def next(self) -> datetime | None:
        """The next moment of the bot's or of the people's; None: the play is over."""
        both = [one for one in (self._coming.first(), self._agenda.next()) if one is not None]
        moment = min(both, default=None)
        return None if moment is None or moment > self.end else moment

    @property
    def next_row(self) -> datetime | None:
        """When the next message that is on its way is due."""
        return self._coming.row

    async def go_to(self, moment: datetime) -> None:
        """Let it be that moment: the bot does what is due, then the people act."""
        self._clock.move_to(moment)
        self._transcript.day(moment, (moment - self._begin) / (self.end - self._begin))
        if self._judged and moment == self._coming.reminder:
            self._expect(moment)
        await self.settle()
        if self._agenda.act():
            await self.settle()
            await self._hand_out_links()

    def _expect(self, moment: datetime) -> None:
        """Before the bot is told of a planned moment, note what has to leave in it."""
        with self.desk() as desk:
            if may_send(moment, desk.calendar, desk.quiet):
                self._expected.note(desk, moment)

    async def _hand_out_links(self) -> None:
        """Who has asked for a new link gets one."""
        if self._bot.killed:
            return
        wanted, self.cast.stage.links_wanted = self.cast.stage.links_wanted, []
        for number in wanted:
            links = await self.invite(people=[number], everyone=False)
            with self.desk() as desk:
                person = desk.store.people.one("number", number)
            if person is not None:
                at = self._clock.now() + timedelta(minutes=20)
                script = scripts.enrols(self.cast, person.id, number, links[number], at)
                self._agenda.begin(script)

    async def invite(self, *, people: list[str], everyone: bool) -> dict[str, str]:
        """Tokens by number."""
        issued = await self._ask("invite", people=people, everyone=everyone)
        return {one["person"]: one["token"] for one in issued}

    async def _ask(self, command: str, **arguments: Any) -> Any:
        self._transcript.remark(f"yinlu {command}")
        outcome = await self._bot.ask(command, **arguments)
        if outcome.code:
            raise Refused("\n".join(outcome.lines))
        return outcome.document

    def judge(self) -> tuple[dict[str, Any], list[Finding]]:
        """What `yinlu status --json` says at the end, and what was checked."""
        with self.desk() as desk:
            status: dict[str, Any] = reading.status(desk, None).document
            return status, list(findings(desk, self.cast, self._expected, self._bot.errors()))

    def desk(self) -> AbstractContextManager[Desk]:
        """The bot's store beside it, as a reading command sees it."""
        return open_desk(self._folder, writing=False, clock=self._clock)

    @property
    def cast(self) -> Company:
        if self._company is None:
            raise LookupError("the scene is not set")
        return self._company
