"""Forgetting people: what names one of them goes, what stays for others' sake names nobody (X23)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from bot.actions import deed
from bot.desk import Desk
from storage import chain
from storage.audit import blanked
from storage.records import Deed, InboxState, Json, Person, Received, Row, RowState, Stage
from storage.store import Store, Table

CLEARED: Final = "已清除"  # the name of a mentor whose students' records still point to him
SHORTEST_NUMBER: Final = 6  # a shorter 编号 is found in any date
NOTHING: Final = re.compile(r"(?!)")


def forget(desk: Desk, people: Sequence[Person]) -> None:
    """Forget them, inside the caller's open transaction. A deed for each tells of it, by the random id.

    A student's pairings, talks, forms and introductions go along. A mentor whose students are still
    here stays as a row that says nothing, until the last of them goes. Of the audit go documents and
    reasons; who did what when stays, by ids that lead nowhere any more.
    """
    if not people:
        return
    forgetting = _Forgetting(desk.store, people)
    forgetting.records()
    forgetting.wire()
    forgetting.tell_of(desk)
    forgetting.roster(desk.today())
    for person in people:
        desk.drafts.forget_person(person.id)


class _Forgetting:
    """Everyone of one purge, so that each table is passed through once."""

    def __init__(self, store: Store, people: Sequence[Person]) -> None:
        self._store, self._people = store, people
        self._ids = {one.id for one in people}
        live = {one.telegram for one in store.accounts if one.until is None}
        own = {one for one in store.accounts if one.person in self._ids}
        passed_on = live - {one.telegram for one in own if one.until is None}
        self._telegrams = {one.telegram for one in own} - passed_on
        self._words = _words(store, people)

    def records(self) -> None:
        """What the way through the stages has left, and what opened the account."""
        store, ids = self._store, self._ids
        ways = {one.id for one in store.introductions if one.student in ids}
        pairings = {one.id for one in store.pairings if one.student in ids}
        _remove(store.talks, (one for one in store.talks if one.pairing in pairings))
        _remove(
            store.opinions,
            (one for one in store.opinions if one.introduction in ways or one.pairing in pairings),
        )
        _remove(store.introductions, (store.introductions[id] for id in ways))
        _remove(store.pairings, (store.pairings[id] for id in pairings))
        _remove(store.forms, (one for one in store.forms if one.student in ids))
        _remove(store.exemptions, (one for one in store.exemptions if one.student in ids))
        _remove(store.obstacles, (one for one in store.obstacles if one.student in ids))
        _remove(store.pauses, (one for one in store.pauses if one.student in ids))
        _remove(store.accounts, (one for one in store.accounts if one.person in ids))
        gone = self._telegrams
        _remove(store.failed_tries, (one for one in store.failed_tries if one.telegram in gone))
        _remove(store.invites, (one for one in store.invites if one.person in ids))
        _remove(store.uploads, (one for one in store.uploads if one.person in ids))
        _remove(store.requests, (one for one in store.requests if one.person in ids))
        _remove(store.denials, (one for one in store.denials if one.person in ids))

    def wire(self) -> None:
        """Messages, buttons, questions, and what came in."""
        store = self._store
        for row in store.outbox:
            if self._is_own(row):
                store.outbox.remove(row.id)
            elif self._ids & {*row.about} or self._means(row.args):
                self._silence(row)
        _remove(
            store.buttons,
            (
                one
                for one in store.buttons
                if one.person in self._ids
                or store.outbox.get(one.row) is None
                or self._means(one.args)
                or self._says(one.label)
            ),
        )
        _remove(
            store.questions,
            (one for one in store.questions if one.person in self._ids or self._means(one.args)),
        )
        _remove(store.inbox, (one for one in store.inbox if self._came_of(one)))

    def _is_own(self, row: Row) -> bool:
        return row.to in self._ids or (row.to is None and row.chat in self._telegrams)

    def _silence(self, row: Row) -> None:
        """A message about one of them goes; only a key stays, for nothing must ever go twice."""
        if not row.keys:
            self._store.outbox.remove(row.id)
            return
        waits = row.state is RowState.PENDING
        self._store.outbox.put(
            replace(
                row,
                about=tuple(one for one in row.about if one not in self._ids),
                args={},
                live=False,
                state=RowState.CANCELLED if waits else row.state,
                reason=chain.PURGED if waits else row.reason,
            )
        )

    def _came_of(self, received: Received) -> bool:
        if received.state is InboxState.WAITING:
            return False
        text = json.dumps(received.raw, ensure_ascii=False)
        return _sender(received.raw) in self._telegrams or self._says(text)

    def tell_of(self, desk: Desk) -> None:
        """Blank what deeds say of them, and write down which, so that the chain holds."""
        deeds = self._store.deeds
        blank = [
            one
            for one in deeds
            if _has_words(one) and (one.about in self._ids or self._says(one.why or ""))
        ]
        for one in blank:
            deeds.put(blanked(one))
        # What was copied before the transaction that this is part of holds the words.
        noted = {"deeds": [one.id for one in blank], "sequence": self._store.sequence + 1}
        for person in self._people:
            deed.record(desk, chain.PURGED, None, about=person.id, noted=noted)
            noted = {**noted, "deeds": []}

    def roster(self, today: date) -> None:
        """The rows themselves, and who names them as relatives."""
        store = self._store
        numbers = {one.number for one in self._people}
        for one in store.people:
            if numbers & {*one.relatives}:
                kept = tuple(number for number in one.relatives if number not in numbers)
                store.people.put(replace(one, relatives=kept))
        for person in self._people:
            store.people.put(_empty(person, today))
        _remove(
            store.people,
            (
                one
                for one in store.people
                if one.cleared is not None and not store.pairings.where("mentor", one.id)
            ),
        )

    def _means(self, args: Json) -> bool:
        """Whether a recipe or a button speaks of one of them: by id, or in words."""
        return any(
            part in self._ids or (isinstance(part, str) and self._says(part))
            for part in _leaves(args)
        )

    def _says(self, text: str) -> bool:
        return self._words.search(text) is not None


def _words(store: Store, people: Sequence[Person]) -> re.Pattern[str]:
    """Return what names one of them in a text, and nobody who is still here."""
    ids = {one.id for one in people}
    others = "\n".join(one.name for one in store.people if one.id not in ids)
    names = {one.name for one in people if len(one.name) > 1 and one.name not in others}
    numbers = {one.number for one in people if len(one.number) >= SHORTEST_NUMBER}
    words = sorted(names | numbers)
    return re.compile("|".join(map(re.escape, words))) if words else NOTHING


def _empty(person: Person, today: date) -> Person:
    """Return a row that a mentor's former students can still point to."""
    return Person(
        id=person.id,
        number=f"{CLEARED}{person.id}",
        name=CLEARED,
        branch=person.branch,
        kind=person.kind,
        stage=Stage.FULL,
        left=person.left,
        cleared=today,
    )


def _remove(table: Table[Any], records: Iterable[Any]) -> None:
    for record in list(records):
        table.remove(record.id)


def _has_words(one: Deed) -> bool:
    held = (one.before, one.after, one.why)
    return one.what != chain.PURGED and any(part is not None for part in held)


def _leaves(value: object) -> Iterator[object]:
    if isinstance(value, Mapping):
        for part in value.values():
            yield from _leaves(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _leaves(part)
    else:
        yield value


def _sender(raw: Json) -> object:
    body = raw.get("message") or raw.get("callback_query")
    sender = body.get("from") if isinstance(body, Mapping) else None
    return sender.get("id") if isinstance(sender, Mapping) else None
