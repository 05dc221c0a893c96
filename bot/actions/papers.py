"""Files on their way to somebody: a message that tells how far they are, edited behind each of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bot import access, college
from bot.access import Who
from bot.actions import reads
from bot.actions.say import follow, tell
from bot.desk import Desk
from bot.refusal import Refusal
from bot.rules.forms import kind_for
from storage.records import Branch, FormKind, Person, RowState

WAY = "papers_way"
REPORT = "report_file"
FORMS = "form_file"
ON_THE_WAY = (RowState.PENDING, RowState.SENDING)


def branches_of(desk: Desk, person: Person) -> list[Branch]:
    """Return the student branches whose papers the person may take out: all of them, or the own one."""
    return access.works_for(desk, person, Who.DESK)


def send_report(desk: Desk, person: Person) -> None:
    """Put the progress workbook of the person's branches on the way."""
    branches = [one.id for one in branches_of(desk, person)]
    if not branches:
        raise Refusal("papers_nothing")
    reads.note(desk, person, "read_export")
    send(desk, person, REPORT, [{"branches": branches}])


def send_forms(desk: Desk, person: Person) -> None:
    """Put the registration forms of the person's branches on the way, a file per branch and form."""
    each = [
        {"branch_id": branch.id, "form": kind}
        for branch in branches_of(desk, person)
        for kind in FormKind
        if any(kind_for(one.stage) is kind for one in college.students(desk.store, branch.id))
    ]
    if not each:
        raise Refusal("papers_nothing")
    reads.note(desk, person, "read_forms")
    send(desk, person, FORMS, each)


def send(desk: Desk, person: Person, kind: str, each: Iterable[dict[str, Any]]) -> None:
    """Put a file on the way for each recipe. While one of that kind is, another press is refused."""
    account = college.account_of(desk.store, person.id)
    if account is None:
        return
    waiting = (
        desk.store.outbox.where("chat_state", (account.telegram, one)) for one in ON_THE_WAY
    )
    if any(row.kind == kind for rows in waiting for row in rows):
        raise Refusal("papers_coming")
    way = tell(desk, person.id, WAY, {"files": []})
    if way is None:
        return
    files = []
    for args in each:
        file = tell(desk, person.id, kind, args)
        if file is not None:
            files.append(file.id)
            follow(desk, way)
    desk.store.outbox.put(replace(way, args={"files": files}))
