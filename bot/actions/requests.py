"""What a person asks of what is kept about them: to the secretary, who answers; the person is told."""

from __future__ import annotations

from dataclasses import replace

from bot import college
from bot.actions import deed, trouble
from bot.actions.say import tell
from bot.desk import Desk
from bot.refusal import Denied, Refusal
from storage.records import Duty, Person, Request, Wish


def require_none_open(desk: Desk, person: Person, wish: Wish) -> None:
    """Refuse a second request while the first of that kind has no answer."""
    for one in desk.store.requests.where("person", person.id):
        if one.wish is wish and one.answered is None:
            raise Refusal("data_asked", wish=wish, day=one.at.date().isoformat())


def ask(desk: Desk, person: Person, wish: Wish, text: str) -> Request:
    """Put the request down and tell whoever answers it. Refusal: asked already, or nobody to tell."""
    require_none_open(desk, person, wish)
    answering = trouble.in_charge(desk, person)
    if not answering:
        raise Refusal("data_nobody")
    asked = desk.store.requests.add(Request(person=person.id, wish=wish, text=text, at=desk.now()))
    deed.record(desk, f"data_{wish}", person.id, about=person.id)
    for one in answering:
        tell(desk, one.id, "data_request", {"request": asked.id}, about=(person.id,))
    tell(desk, person.id, "data_sent", {"wish": wish})
    return asked


def open_request(desk: Desk, by: Person, id: int) -> Request:
    """Return a request that this person may answer. Refusal: answered, gone, or not theirs."""
    found = desk.store.requests.get(id)
    if found is None:
        raise Refusal("stale_button")
    if not _answers_for(desk, by, desk.store.people[found.person]):
        raise Denied("not_allowed")
    if found.answered is not None:
        raise Refusal("data_answered", student=found.person)
    return found


def _answers_for(desk: Desk, by: Person, person: Person) -> bool:
    """Whether a request of that person is this one's to answer: today's roster tells."""
    if by.id == person.id:
        return False
    in_charge = {one.id for one in trouble.in_charge(desk, person)}
    return by.id in in_charge or (
        Duty.OFFICE in by.duties and not college.is_secretary(desk.store, by)
    )


def answer(
    desk: Desk, by: Person, found: Request, *, granted: bool, reply: str | None = None
) -> None:
    """Done, or not to be done for that reason: the person is told."""
    desk.store.requests.put(replace(found, answered=desk.now(), granted=granted, reply=reply))
    deed.record(desk, "data_done" if granted else "data_refused", by.id, about=found.person)
    kind = "data_done" if granted else "data_refused"
    tell(desk, found.person, kind, {"request": found.id})
