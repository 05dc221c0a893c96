"""`yinlu invite --out`: the links just made, as sheets to hand round."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from bot.desk import Desk
from messages.invitations import Invitation, written


def write(desk: Desk, issued: list[dict[str, Any]], path: Path) -> None:
    """Write one sheet per branch."""
    sheets: dict[str, list[Invitation]] = {}
    for entry in issued:
        person = desk.store.people.one("number", entry["person"])
        if person is not None:
            branch = desk.store.branches[person.branch].name
            expires = datetime.fromisoformat(entry["expires"])
            one = Invitation(name=person.name, link=entry["link"], expires=expires)
            sheets.setdefault(branch, []).append(one)
    path.write_bytes(written(sheets))
