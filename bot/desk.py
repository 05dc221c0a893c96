"""What every action has at hand: the store, the clock, the settings and what is derived from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from bot.clock import Clock
from bot.drafts import Drafts
from bot.rules import term as term_rules
from bot.rules.arrangements import arranged, quiet_of
from bot.settings import Settings
from storage.records import Calendar, Term, Windows
from storage.store import Store


@dataclass(slots=True)
class Desk:
    """One college's bot at work. Passed, never global."""

    store: Store
    clock: Clock
    settings: Settings
    published: Calendar  # by library and settings
    bot_name: str = ""  # Telegram's username of the bot, asked once at start
    drafts: Drafts = field(default_factory=Drafts, repr=False)
    standings: object = field(default=None, init=False, repr=False)  # `bot.standings` keeps them
    templates: Path | None = None  # the folder of the office's own forms, if it has any
    uploads: Path | None = None  # the folder where what was read of a sent roster waits
    wake: Callable[[], None] = field(default=lambda: None)  # something may be ready to leave

    @property
    def calendar(self) -> Calendar:
        """Rest days and make-up days; what the office has entered in chat wins."""
        return arranged(self.published, tuple(self.store.arrangements))

    @property
    def quiet(self) -> term_rules.Quiet:
        """The hours in which reminders leave; what the office has entered in chat wins."""
        own = next((one for one in self.store.hours if one.removed is None), None)
        if own is not None:
            return quiet_of(own)
        return term_rules.Quiet(opens=self.settings.quiet.opens, closes=self.settings.quiet.closes)

    def now(self) -> datetime:
        return self.clock.now()

    def today(self) -> date:
        return self.clock.now().date()

    def term(self) -> Term | None:
        """Return the round that is running or was opened last; None before the first."""
        return max(self.store.terms, key=lambda term: term.id, default=None)

    def windows(self) -> Windows | None:
        """Return the dates of that round; None before the first."""
        term = self.term()
        return None if term is None else term_rules.windows(term.week1, self.calendar)

    def link(self) -> str:
        """Return the address of the private chat with the bot."""
        return f"https://t.me/{self.bot_name}"
