"""What is kept about a person, table by table, so that none is forgotten.

To add a table: how a person's records in it are shown, in `SECTIONS`; or why nobody's are, in
`OF_NOBODY`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from bot import college
from bot.compose.reading import Reading
from bot.rules import progress as progress_rules
from messages.facts import ACTS, FORM_NAMES, READS
from messages.own_facts import Counted, Held
from storage.records import Deed, Pairing, Request, Term, TermId

Lines = list[Held]
OF_NOBODY = frozenset(
    {"branches", "terms", "arrangements", "hours"}
)  # of the college, not of a person
# What others wrote down about a person in confidence; counted, not named (A20, PRODUCT § 4).
IN_CONFIDENCE = frozenset(
    {"consent", "declined", "opinion_checked", "intro_opinion", "intro_consent", "pairing_end"}
)


def _who(reading: Reading) -> dict[str, Any]:
    """Return what the roster says, but for what never goes over Telegram."""
    person, store = reading.reader, reading.desk.store
    return {
        "branch": store.branches[person.branch].name,
        "class_name": person.class_name,
        "stage": person.stage,
        "stage_since": person.stage_since,
        "roles": college.roles(store, person, reading.today),
        "may_introduce": person.may_introduce,
        "counted": progress_rules.is_counted(person),
        "has_relatives": bool(person.relatives),
    }


def _account(reading: Reading) -> dict[str, Any]:
    account = college.account_of(reading.desk.store, reading.reader.id)
    mine = [one for one in reading.desk.store.accounts if one.person == reading.reader.id]
    return {
        "version": account and account.notice,
        "agreed": account and account.notice_at,
        "since": account.since.date() if account else reading.today,
        "former": len(mine) - (account is not None),
    }


def _invites(reading: Reading) -> Lines:
    found = reading.desk.store.invites.where("person", reading.reader.id)
    return [Held("invite", one.created.date(), until=one.expires.date()) for one in found]


def _own(reading: Reading) -> list[Pairing]:
    store, me = reading.desk.store, reading.reader.id
    return [*store.pairings.where("student", me), *store.pairings.where("mentor", me)]


def _other(reading: Reading, pairing: Pairing) -> Any:
    mine = pairing.student == reading.reader.id
    return reading.named(pairing.mentor if mine else pairing.student)


def _pairings(reading: Reading) -> Lines:
    """Return one's mentors and students; a mentor reads his own answer, a student nobody's."""
    me = reading.reader.id
    return [
        Held(
            "mentored" if one.student == me else "mentoring",
            one.since,
            until=one.until,
            other=_other(reading, one),
            role=one.role,
            consent=one.consent if one.mentor == me else None,
        )
        for one in _own(reading)
    ]


def _talks(reading: Reading) -> Lines:
    store = reading.desk.store
    return [
        Held(
            f"talk_{talk.kind}",
            talk.day,
            recorded=talk.recorded.date(),
            other=_other(reading, pairing),
            state=talk.state,
            term=_term(reading, talk.term),
        )
        for pairing in _own(reading)
        for talk in store.talks.where("pairing", pairing.id)
    ]


def _forms(reading: Reading) -> Lines:
    found = [one for one in reading.desk.store.forms if one.student == reading.reader.id]
    return [
        Held(
            "form",
            one.handed_out,
            recorded=one.received,
            until=one.archived,
            name=FORM_NAMES[one.kind],
            state=one.state,
            term=_term(reading, one.term),
            marks=tuple(
                name
                for name, is_set in (("record", one.signed), ("opinion", one.opinion))
                if is_set
            ),
        )
        for one in found
    ]


def _obstacles(reading: Reading) -> Lines:
    found = [one for one in reading.desk.store.obstacles if one.student == reading.reader.id]
    return [
        Held("obstacle", one.at.date(), until=one.answered and one.answered.date())
        for one in found
    ]


def _pauses(reading: Reading) -> Lines:
    found = reading.desk.store.pauses.where("student", reading.reader.id)
    return [
        Held("pause", one.since, recorded=one.ended, until=one.until, state=one.reason)
        for one in found
    ]


def _exemptions(reading: Reading) -> Lines:
    found = [one for one in reading.desk.store.exemptions if one.student == reading.reader.id]
    return [
        Held(f"exempt_{one.item}", one.day, state=one.relief, term=_term(reading, one.term))
        for one in found
    ]


def _uploads(reading: Reading) -> int:
    return len(reading.desk.store.uploads.where("person", reading.reader.id))


def _introductions(reading: Reading) -> Lines:
    found = reading.desk.store.introductions.where("student", reading.reader.id)
    return [
        Held(
            "introduction",
            one.review,
            recorded=one.basics,
            until=one.meeting,
            state=one.decision,
        )
        for one in found
    ]


def _opinions(reading: Reading) -> Lines:
    """Return what the person said as an introducer; of a candidate's introducers nothing (A20)."""
    store, me = reading.desk.store, reading.reader.id
    return [
        Held(
            "opinion",
            one.written,
            recorded=one.recorded.date(),
            other=reading.named(store.pairings[one.pairing].student),
            consent=one.consent,
        )
        for one in store.opinions
        if store.pairings[one.pairing].mentor == me
    ]


def _requests(reading: Reading) -> Lines:
    found: list[Request] = reading.desk.store.requests.where("person", reading.reader.id)
    return [
        Held(
            f"data_{one.wish}",
            one.at.date(),
            until=one.answered and one.answered.date(),
            name=one.text,
            consent=one.granted,
            reply=one.reply,
        )
        for one in found
    ]


def _buttons(reading: Reading) -> int:
    return sum(one.person == reading.reader.id for one in reading.desk.store.buttons)


def _questions(reading: Reading) -> int:
    return len(reading.desk.store.questions.where("person", reading.reader.id))


def _outbox(reading: Reading) -> dict[str, int]:
    me, rows = reading.reader.id, reading.desk.store.outbox
    return {
        "to_me": sum(row.to == me for row in rows),
        "of_me": sum(me in row.about and row.to != me for row in rows),
    }


def _failed_tries(reading: Reading) -> int:
    account = college.account_of(reading.desk.store, reading.reader.id)
    telegram = account and account.telegram
    return sum(one.telegram == telegram for one in reading.desk.store.failed_tries)


def _inbox(reading: Reading) -> int:
    account = college.account_of(reading.desk.store, reading.reader.id)
    telegram = account and account.telegram
    return sum(_sender(one.raw) == telegram for one in reading.desk.store.inbox)


def _sender(raw: Mapping[str, Any]) -> object:
    body = raw.get("message") or raw.get("callback_query") or {}
    return body.get("from", {}).get("id")


def _deeds(reading: Reading) -> dict[str, list[Counted]]:
    store, me = reading.desk.store, reading.reader.id
    about = [one for one in store.deeds.where("about", me) if one.by != me]
    return {"by_me": _counted(store.deeds.where("by", me)), "about_me": _counted(about)}


def _counted(deeds: list[Deed]) -> list[Counted]:
    """Return how often each thing happened and when last, the latest first."""
    words = {**ACTS, **READS}
    named = [
        (
            "other" if one.what in IN_CONFIDENCE or one.what not in words else one.what,
            one.at.date(),
        )
        for one in deeds
    ]
    times = Counter(what for what, _ in named)
    last: dict[str, date] = dict(named)  # deeds come in their order
    return sorted((Counted(what, times[what], last[what]) for what in times), key=_latest_first)


def _latest_first(one: Counted) -> tuple[bool, int]:
    return one.what == "other", -one.last.toordinal()


def _denials(reading: Reading) -> int:
    found = reading.desk.store.denials.where("person", reading.reader.id)
    return sum(one.times for one in found)


def _term(reading: Reading, id: TermId) -> str | None:
    found: Term | None = reading.desk.store.terms.get(id)
    return None if found is None else found.name


# Every table that refers to a person, and how the person's part of it is shown.
SECTIONS: Mapping[str, Callable[[Reading], Any]] = {
    "people": _who,
    "accounts": _account,
    "invites": _invites,
    "pairings": _pairings,
    "talks": _talks,
    "forms": _forms,
    "obstacles": _obstacles,
    "pauses": _pauses,
    "exemptions": _exemptions,
    "introductions": _introductions,
    "opinions": _opinions,
    "requests": _requests,
    "buttons": _buttons,
    "questions": _questions,
    "uploads": _uploads,
    "failed_tries": _failed_tries,
    "outbox": _outbox,
    "inbox": _inbox,
    "deeds": _deeds,
    "denials": _denials,
}
RECORDS = (
    "pairings",
    "talks",
    "forms",
    "obstacles",
    "pauses",
    "exemptions",
    "introductions",
    "opinions",
    "requests",
    "invites",
)
