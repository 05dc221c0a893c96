"""What those in charge read of messages that did not arrive."""

from __future__ import annotations

from typing import Any

from bot import college
from bot.compose.reading import Reading
from storage.records import PersonId, RowState


def _unreached(reading: Reading) -> dict[str, Any]:
    """Whoever is reachable again has missed something all the same."""
    store, row = reading.desk.store, reading.row
    in_doubt = {
        one.to for one in store.outbox.where("state", RowState.UNCERTAIN) if one.due >= row.created
    }
    groups: dict[str, list[PersonId]] = {"blocked": [], "missed": [], "uncertain": []}
    for person in row.about:
        account = college.account_of(store, person)
        if account is not None and not account.reachable:
            groups["blocked"].append(person)
        else:
            groups["uncertain" if person in in_doubt else "missed"].append(person)
    return {name: reading.all_named(people) for name, people in groups.items()}


BUILDERS = {"unreached": _unreached}
