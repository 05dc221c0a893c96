"""`yinlu intro`: every candidate on the way to the meeting, and what still keeps the gate shut."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot import path as ways
from bot.desk import Desk
from bot.outcome import Outcome
from bot.rules.introduction import INTRODUCERS_NEEDED, Path, missing, reviewed_on, talk_counts
from messages.facts import GATE


def introductions(desk: Desk) -> Outcome:
    """Return the open introductions by branch and number; what is not yet there is null."""
    found = ways.paths(desk)
    return Outcome(
        lines=tuple(_line(desk, one) for one in found) or ("现在没有进行中的入党介绍。",),
        document=[_as_json(desk, one) for one in found],
    )


def _as_json(desk: Desk, path: Path) -> dict[str, Any]:
    people, found, own = desk.store.people, path.introduction, path.introducers
    lacking = missing(path)
    return {
        "student": people[found.student].number,
        "introducers": _two([people[one.mentor].number for one in own]),
        "review": _iso(found.review),
        "basics": _iso(found.basics),
        "talks": _two([_talk_day(path, number) for number in range(len(own))]),
        "opinions": _two([_iso(one.written) for one in own]),
        "consents": _two([one.consent for one in own]),
        "reviewed": _iso(reviewed_on(path)),
        "meeting": _iso(found.meeting),
        "ready": not lacking,
        "missing": [str(part) for part in lacking],
    }


def _two(found: list[Any]) -> list[Any]:
    return [*found, *[None] * (INTRODUCERS_NEEDED - len(found))]


def _talk_day(path: Path, number: int) -> str | None:
    """Return the day of a talk that the gate counts."""
    talk = path.introducers[number].talk
    return _iso(talk.day) if talk and talk_counts(path, talk) else None


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _line(desk: Desk, path: Path) -> str:
    student = desk.store.people[path.introduction.student]
    meeting = path.meeting.isoformat() if path.meeting else "日期未定"
    lacking = "、".join(GATE[part] for part in missing(path))
    state = f"还缺：{lacking}" if lacking else "已齐，可以提交支部大会"
    return (
        f"{desk.store.branches[student.branch].name}\t{student.name}：支部大会 {meeting}；{state}"
    )
