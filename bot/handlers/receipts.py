"""收到 张三 李四 [9月28日]: a pile of forms entered by typing, answered in one message."""

from __future__ import annotations

from datetime import date

from bot import college
from bot.actions import receipts
from bot.actions.own_talks import running_term
from bot.handlers.turn import Turn
from bot.refusal import Refusal
from bot.rules import dates, names
from bot.rules.claims import clauses
from bot.rules.names import Sought
from bot.rules.surnames import looks_like_a_name
from bot.rules.typed import Pattern, fold
from storage.records import Person

MOST = 60  # names in one message
LONGEST_WORD = 12  # characters of a word that names nobody, as it is said back

_RECEIPT = Pattern(r"(?s:(?:已?收(?:到|表)了?|已收(?=[\s:,、]))[\s:,、]*(?P<whom>.+))")
_FORM = Pattern(r"的?(?:登记)?表格?了?$")
# 收到，明白 is an answer, though 明 and 安 are surnames.
_ASSENT = Pattern(
    r"(?:明白|知道|了解|马上|安排|同意|照办|放心|好|行|可以|没问题|会的|谢|辛苦|老师)"
)


def took(turn: Turn) -> bool:
    """Take the text if a keeper reports forms received by name; False: it means something else."""
    said = _RECEIPT.fullmatch(fold(turn.text)) if turn.private else None
    if said is None or turn.desk.term() is None:
        return False
    if not college.keeps_branch(turn.desk.store, turn.who):
        return False
    read = dates.read_day(said["whom"], turn.said_at.date(), running_term(turn.desk).week1)
    words = _FORM.sub("", read.rest).strip()
    if not clauses(words) or _ASSENT.match(words):
        return False
    if len(names.split_names(words)) > MOST:
        raise Refusal("receipts_too_many", most=MOST)
    own = college.students(turn.desk.store, turn.who.branch)
    found = names.find_each(words, own)
    if not any(_names_somebody(one) for one in found):
        return False
    turn.admit("form_press")
    _take(turn, found, _day(turn, read))
    return True


def _names_somebody(sought: Sought[Person]) -> bool:
    found = sought.found
    return bool(found.exact or found.near) or looks_like_a_name(sought.words)


def _day(turn: Turn, read: dates.DayRead) -> date:
    if read.problem != "none":
        raise Refusal("receipts_day_unclear")
    day = read.day or turn.said_at.date()
    if day > turn.desk.today():
        raise Refusal("receipts_day_future")
    return day


def _take(turn: Turn, found: list[Sought[Person]], day: date) -> None:
    sure = {
        one.found.exact[0].id: one.found.exact[0] for one in found if len(one.found.exact) == 1
    }
    asked, unknown = [], []
    for one in found:
        meant = [person.id for person in one.found.exact or one.found.near]
        unsure = [person for person in meant if person not in sure]
        if unsure:
            asked.append({"words": one.words, "people": unsure})
        elif not one.found.exact:
            unknown.append(one.words[:LONGEST_WORD])
    said = receipts.receive(turn.desk, turn.who, sure.values(), day)
    turn.reply(
        "receipts",
        act=said.act,
        taken=said.taken,
        already=said.already,
        left_out=said.left_out,
        asked=asked,
        unknown=list(dict.fromkeys(unknown)),
        on=day.isoformat(),
    )
