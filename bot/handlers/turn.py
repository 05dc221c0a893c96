"""One update as the handlers see it: who, where, what; and the ways to answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from telegram import Chat, Document, Update

from bot import access, college
from bot.access import Where
from bot.actions.say import POP, tell
from bot.clock import SHANGHAI
from bot.desk import Desk
from bot.refusal import Refusal
from bot.whose import NOTHING, Thing
from messages.catalogue import Catalogue
from messages.lengths import ALERT_UNITS
from storage.records import Branch, Person, Row, RowState
from storage.workbook_cells import printable

# All that is ever said aloud in a group: none of these names anybody of the roster.
SAID_ALOUD = frozenset(
    {
        "G1",
        "enrol_private",
        "group_not_enrolled",
        "group_private",
        "group_recorded",
        "group_unlinked",
        "help_group",
        "link_already",
        "link_bound",
        "link_not_secretary",
        "link_shared",
        "no_term",
        "only_private",
    }
)
LATELY = timedelta(hours=1)
SAID = (RowState.PENDING, RowState.SENDING, RowState.SENT)


@dataclass(slots=True)
class Turn:
    """One thing that somebody has done in a chat."""

    desk: Desk
    catalogue: Catalogue
    telegram: int
    person: Person | None
    chat: int
    private: bool
    thread: int | None
    message: int | None
    reply_to: int | None  # the message that this one answers
    said_at: datetime  # when it was said, which may be before now
    text: str
    document: Document | None = None
    is_picture: bool = False
    query: str | None = None  # a press waits for its answer
    row: Row | None = None  # the message whose button was pressed
    is_answered_aloud: bool = False  # the group has had its answer
    action: str = ""  # what was asked for, by its name in `access`

    @property
    def who(self) -> Person:
        """The person; handlers that strangers reach use ``person``."""
        if self.person is None:
            raise LookupError("a stranger got past the door")
        return self.person

    @property
    def pressed(self) -> Row:
        """The message whose button was pressed. Refusal: it is gone."""
        if self.row is None:
            raise Refusal("stale_button")
        return self.row

    @property
    def branches(self) -> list[Branch]:
        """The branches to which this group is bound, in the roster's order."""
        return sorted(
            self.desk.store.branches.where("chat", self.chat), key=lambda branch: branch.id
        )

    @property
    def where(self) -> Where:
        if self.private:
            return Where.PRIVATE
        return Where.BRANCH_GROUP if self.branches else Where.OTHER_GROUP

    def admit(self, action: str, thing: Thing = NOTHING) -> None:
        """Refuse what this person may not do here, or not to that."""
        self.action = action
        access.authorize(self.desk, self.person, action, thing, self.where)

    def may(self, action: str) -> bool:
        """Whether this person may do it here."""
        return access.allows(self.desk, self.person, action, self.where)

    def reply(self, kind: str, **args: Any) -> None:
        """Answer: in private, except for the little that may be said aloud in a group.

        Somebody unknown is answered where it was said, in a group with nothing but that little.
        """
        aloud = not self.private and kind in SAID_ALOUD
        if self.person is not None and not aloud:
            tell(self.desk, self.person.id, kind, args)
        elif self.private or aloud:
            self._say_here(kind, args)

    def _say_here(self, kind: str, args: dict[str, Any]) -> None:
        self.is_answered_aloud = not self.private
        now = self.desk.now()
        self.desk.store.outbox.add(
            Row(
                kind=kind,
                chat=self.chat,
                to=None,
                args=args,
                due=now,
                created=now,
                reply_to=None if self.private else self.message,
                thread=self.thread,
            )
        )

    def was_said_lately(self, kind: str) -> bool:
        """Whether this chat has read that within the hour: a group need not read it from everybody."""
        since = self.desk.now() - LATELY
        rows = (self.desk.store.outbox.where("chat_state", (self.chat, one)) for one in SAID)
        return any(row.kind == kind and row.created > since for each in rows for row in each)

    def pop(self, kind: str | None = None, **args: Any) -> None:
        """Answer a press: with a note over the chat, or silently. A press is answered once."""
        if self.query is None:
            return
        now = self.desk.now()
        alert = (
            {"alert": True} if kind and self.catalogue.entries[kind].limit <= ALERT_UNITS else {}
        )
        self.desk.store.outbox.add(
            Row(
                kind=POP,
                chat=self.telegram,
                to=None if self.person is None else self.person.id,
                args={**args, **alert, "query": self.query, "say": kind},
                due=now,
                created=now,
            )
        )
        self.query = None

    def refuse(self, kind: str, **args: Any) -> None:
        """Say no where it will be seen: over the press if it fits there, else in the chat."""
        if self.query is not None and self.catalogue.entries[kind].limit <= ALERT_UNITS:
            self.pop(kind, **args)
            return
        self.pop()
        self.reply(kind, **args)

    def answered_row(self) -> Row | None:
        """Return the row whose message this one replies to."""
        if self.reply_to is None:
            return None
        found = self.desk.store.outbox.where("chat_message", (self.chat, self.reply_to))
        return next((row for row in found if row.state is RowState.SENT), None)


def read(desk: Desk, catalogue: Catalogue, update: Update) -> Turn | None:
    """Return the turn of an update, or None for what no person meant for us.

    Only new messages and presses of a person speaking as oneself, in private or in a group: no
    edits, forwards, bots, channels or anonymous admins (reliability § 3).
    """
    query, message = update.callback_query, update.effective_message
    user, chat = update.effective_user, update.effective_chat
    if user is None or chat is None or user.is_bot or user.id in NOBODY:
        return None
    if chat.type not in {Chat.PRIVATE, Chat.GROUP, Chat.SUPERGROUP}:
        return None
    if query is None and (message is None or not _is_own_words(update)):
        return None
    if message is None:
        return None
    replied = None if query else message.reply_to_message
    return Turn(
        desk=desk,
        catalogue=catalogue,
        telegram=user.id,
        person=college.person_at(desk.store, user.id),
        chat=chat.id,
        private=chat.type == Chat.PRIVATE,
        thread=message.message_thread_id if message.is_topic_message else None,
        message=message.message_id,
        reply_to=replied.message_id if replied else None,
        said_at=desk.now() if query else message.date.astimezone(SHANGHAI),
        text="" if query else _seen(message.text or ""),
        document=None if query else message.document,
        is_picture=not query and bool(message.photo),
        query=query.id if query else None,
    )


def _seen(text: str) -> str:
    """What the person sees of it: no marks that show nothing or turn the lines around."""
    return "\n".join(printable(line.replace("\t", " ")) for line in text.split("\n"))


NOBODY = frozenset({777000, 1087968824, 136817688})  # Telegram, anonymous admin, channel


def _is_own_words(update: Update) -> bool:
    message = update.message
    return message is not None and not (
        message.forward_origin or message.via_bot or message.sender_chat
    )
