"""The notice on personal data: under a good link, and in every new version."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from markupsafe import Markup

from bot import college
from bot.compose.presses import Rows, named
from bot.compose.reading import Reading
from messages import render

Facts = dict[str, Any] | None


def _with_notice(reading: Reading) -> dict[str, Any]:
    own = reading.desk.settings.notice
    said = render.render(reading.catalogue, "notice", {"version": own.version, "day": own.day})
    return {"notice": Markup(said.text)}  # noqa: S704 - rendered, so escaped


def _notice_changed(reading: Reading) -> Facts:
    """Return nothing of a version that no longer holds."""
    if reading.row.args["version"] != reading.desk.settings.notice.version:
        return None
    return _with_notice(reading) | {"agreed": _agreed(reading)}


def _agreed(reading: Reading) -> datetime | None:
    account = college.account_of(reading.desk.store, reading.reader.id)
    if account is None or account.notice != reading.row.args["version"]:
        return None
    return account.notice_at


def _agree(reading: Reading) -> Rows:
    if _agreed(reading):
        return []
    args = {"version": reading.row.args["version"]}
    return [[named(reading, "notice_agree", "notice_agree", args)]]


BUILDERS: dict[str, Callable[[Reading], Facts]] = {
    "enrol_ask": _with_notice,
    "notice_changed": _notice_changed,
}
BUTTONS: dict[str, Callable[[Reading], Rows]] = {"notice_changed": _agree}
