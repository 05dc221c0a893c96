"""Carrying a draft of the roster out: records, and one deed for each thing that changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.actions.roster_draft import Change, Draft
from storage.documents import document
from storage.records import Branch, BranchId, Deed, Ending, Pairing, Person, PersonId
from storage.store import Store

WHAT: Final = "roster"
FIELDS: Final[Mapping[str, str]] = {
    "name": "姓名",
    "branch": "支部",
    "kind": "类别",
    "stage": "阶段",
    "duties": "职务",
    "class_name": "班级",
    "stage_since": "阶段日期",
    "may_introduce": "可任介绍人",
    "relatives": "亲属",
    "left": "重新列入",
}


class Writer:
    """Writes one import, inside the caller's open transaction. Its deeds share a batch."""

    def __init__(self, store: Store, at: datetime, by: PersonId | None = None) -> None:
        self._store = store
        self._at = at
        self._by = by
        self._batch = 0

    def bring_in(self, draft: Draft) -> None:
        """Adds what is new and replaces what changed."""
        branches = self._branches(draft)
        people = {
            change.after.id: self._person(change, branches) for change in draft.people.values()
        }
        for change in draft.pairings.values():
            self._pairing(change, people)

    def let_go(self, draft: Draft) -> None:
        """Marks the unlisted people as left, ends the unlisted pairings; as of today."""
        today = self._at.date()
        for person in draft.unlisted_people:
            self._store.people.put(replace(person, left=today))
            self._note_person(person.id, "不再列入")
        for pairing in draft.unlisted_pairings:
            ended = replace(pairing, until=today, ended=Ending.ROSTER)
            self._note_pairing(pairing, self._store.pairings.put(ended))

    def _branches(self, draft: Draft) -> dict[BranchId, BranchId]:
        """Gives the stored id of each branch by its id in the draft."""
        changes = [change for change in draft.branches.values() if change.changed]
        ids = {change.after.id: change.after.id for change in draft.branches.values()}
        for change in changes:
            if change.before is None:  # branches name each other: first all, then their pairs
                alone = replace(change.after, paired=())
                ids[change.after.id] = self._store.branches.add(alone).id
        for change in changes:
            paired = tuple(ids[id] for id in change.after.paired)
            branch = replace(change.after, id=ids[change.after.id], paired=paired)
            self._note_branch(change.before, self._store.branches.put(branch))
        return ids

    def _person(self, change: Change[Person], branches: Mapping[BranchId, BranchId]) -> PersonId:
        person = replace(change.after, branch=branches[change.after.branch])
        if change.before is None:
            person = self._store.people.add(person)
            self._note_person(person.id, "新列入")
        elif change.changed:
            self._store.people.put(person)
            self._note_person(person.id, differences(change.before, change.after))
        return person.id

    def _pairing(self, change: Change[Pairing], people: Mapping[PersonId, PersonId]) -> None:
        if change.before is None:
            student, mentor = people[change.after.student], people[change.after.mentor]
            pairing = replace(change.after, student=student, mentor=mentor)
            self._note_pairing(None, self._store.pairings.add(pairing))
        elif change.changed:
            self._note_pairing(change.before, self._store.pairings.put(change.after))

    def _note_branch(self, before: Branch | None, after: Branch) -> None:
        self._note(
            Deed(
                at=self._at,
                by=self._by,
                what=WHAT,
                table="branches",
                row=after.id,
                before=None if before is None else document(before),
                after=document(after),
            )
        )

    def _note_person(self, person: PersonId, why: str) -> None:
        # No documents: they hold the 编号, which lives in the person's own row only.
        deed = Deed(
            at=self._at, by=self._by, what=WHAT, about=person, table="people", row=person, why=why
        )
        self._note(deed)

    def _note_pairing(self, before: Pairing | None, after: Pairing) -> None:
        self._note(
            Deed(
                at=self._at,
                by=self._by,
                what=WHAT,
                about=after.student,
                table="pairings",
                row=after.id,
                before=None if before is None else document(before),
                after=document(after),
            )
        )

    def _note(self, deed: Deed) -> None:
        self._batch = self._store.deeds.add(replace(deed, batch=self._batch)).batch


def differences(before: Person, after: Person) -> str:
    """Which columns changed, never to what."""
    names = (name for name in FIELDS if getattr(before, name) != getattr(after, name))
    return "、".join(FIELDS[name] for name in names)
