"""Taking back one's last act within 10 minutes, until the other side has answered (PRODUCT § 2)."""

from __future__ import annotations

from dataclasses import replace

from bot import college
from bot.actions import (
    corrections,
    deed,
    form_lists,
    hand_over,
    introduction_cards,
    introduction_news,
    mentor_list,
    obstacle,
    pair,
    paired,
    retime,
    talk,
)
from bot.actions.deed import Changed
from bot.actions.roster_writer import WHAT as ROSTER
from bot.actions.say import tell
from bot.desk import Desk
from bot.refusal import Refusal
from bot.rules.eligibility import Held, unfit
from bot.rules.talks import may_undo
from storage.records import (
    Arrangement,
    Deed,
    Ending,
    Exemption,
    Form,
    FormState,
    Hours,
    Introduction,
    Obstacle,
    Opinion,
    Pairing,
    PairingId,
    Pause,
    Person,
    Talk,
    TalkState,
    Term,
)
from storage.store import document, record

OF_LINKS = {"invite", "invite_revoked", "account_ended"}  # they are in other people's hands
NOT_UNDOABLE = {
    "undo",
    "taken_back",
    "obstacle_closed",
    "term_opened",
    "term_corrected",
}  # themselves an undoing, part of an act, or set anew instead


def undo(desk: Desk, person: Person, act: int | None = None) -> None:
    """Take back an act, all of it or nothing, and tell whoever was told of it.

    ``act``: the batch that a button names; None: the person's last act that can be taken back.
    """
    batch = _last_act(desk, person) if act is None else _own_act(desk, person, act)
    if batch[0].what == ROSTER:
        raise Refusal("undo_roster")
    if not may_undo(batch[0].at, desk.now()):
        raise Refusal("undo_late")
    for one in batch:
        _require_unchanged(desk, person, one)
    for one in reversed(batch):
        _restore(desk, person, one)
    _require_fit(desk, batch)
    paired.announce(desk, _restored(desk, batch), are_new=False)
    named = [one.about for one in batch if one.about and one.what not in NOT_UNDOABLE]
    people = list(dict.fromkeys(named))
    own = people == [person.id] * len(people)
    tell(
        desk,
        person.id,
        "undo_done",
        {"what": batch[0].what, "people": [] if own else people},
    )


def take_back(desk: Desk, person: Person, talk: Talk) -> bool:
    """Take back one talk's last record, if it is this person's own and fresh; otherwise return False."""
    written = [one for one in desk.store.deeds.where("row", ("talks", talk.id)) if not one.undone]
    last = written[-1]
    if last.by != person.id or last.what == "undo" or not may_undo(last.at, desk.now()):
        return False
    _restore(desk, person, last)
    return True


def _restored(desk: Desk, batch: list[Deed]) -> list[Pairing]:
    """Return the pairings that an undoing has opened again: their students are told of it.

    Nobody was told of a departure, so nobody is told of its undoing.
    """
    if any(one.what == "left" for one in batch):
        return []
    rows = [one.row for one in batch if one.what == "pairing_end" and one.row is not None]
    return [desk.store.pairings[PairingId(row)] for row in rows]


def _last_act(desk: Desk, person: Person) -> list[Deed]:
    acts = desk.store.deeds.where("by", person.id)
    done = [
        one for one in acts if one.table and one.undone is None and one.what not in NOT_UNDOABLE
    ]
    # Whoever has just given out links means them, and nothing that was done before.
    links = [one for one in acts if one.what in OF_LINKS and may_undo(one.at, desk.now())]
    if links and not (done and done[-1].id > links[-1].id):
        raise Refusal("undo_links")
    if not done:
        raise Refusal("undo_nothing")
    return _whole(desk, done[-1].batch)


def _own_act(desk: Desk, person: Person, act: int) -> list[Deed]:
    batch = _whole(desk, act)
    if not batch or batch[0].by != person.id:
        raise Refusal("stale_button")
    return batch


def _whole(desk: Desk, act: int) -> list[Deed]:
    """Return what is left of an act: a tap may have taken back a part of it."""
    return [one for one in desk.store.deeds.where("batch", act) if one.undone is None]


def _require_unchanged(desk: Desk, person: Person, one: Deed) -> None:
    """Refuse to take back what somebody has built on since."""
    table = str(one.table)
    present = desk.store.table_named(table).get(int(one.row or 0))
    if present is not None and deed.kept(present) == one.after:
        return
    later = desk.store.deeds.where("row", (table, one.row))[-1]
    raise Refusal("undo_own_later" if later.by == person.id else "undo_answered")


def _require_fit(desk: Desk, batch: list[Deed]) -> None:
    """Refuse to bring back a pairing that the rules no longer allow: roster or mentors have changed."""
    store = desk.store
    touched = {one.about for one in batch if one.about and one.table in {"pairings", "people"}}
    for person in touched:
        led = {one.student for one in store.pairings.where("open_mentor", person)}
        for id in {person, *led}:
            student = store.people[id]
            open_ones = college.open_pairings_of(store, student)
            held = [Held(one.role, store.people[one.mentor]) for one in open_ones]
            if student.left is None and any(
                unfit(student, held, home=store.branches[student.branch])
            ):
                raise Refusal("undo_unfit", student=student.id)


def _restore(desk: Desk, person: Person, one: Deed) -> None:
    table = desk.store.table_named(str(one.table))
    present = table[int(one.row or 0)]
    if one.before is not None:
        kind = deed.RECORDS[str(one.table)]
        earlier: Changed = record(kind, {**document(present), **one.before}, present.id)
    else:
        earlier = _as_if_never(desk, present)
    table.put(earlier)
    deed.record(desk, "undo", person.id, about=one.about, before=present, after=earlier)
    desk.store.deeds.put(replace(one, undone=desk.now()))
    if isinstance(earlier, Talk) and one.what == "taken_over":
        mentor_list.follow(desk, desk.store.pairings[earlier.pairing], earlier)
    elif isinstance(earlier, Talk):
        talk.undone(desk, earlier, one.what, person.id)
    elif isinstance(earlier, Form):
        form_lists.undone(desk, person, one)
        corrections.form_undone(desk, person.id, one, earlier)
    elif isinstance(earlier, Obstacle):
        obstacle.undone(desk, earlier, one.what)
    elif isinstance(earlier, Pairing):
        hand_over.undone(desk, present, earlier)
        pair.undone(desk, earlier, one)
        introduction_cards.follow(desk, earlier.student)
    elif isinstance(earlier, Pause | Exemption | Term):
        pass  # nobody was told
    elif isinstance(earlier, Person):
        introduction_cards.follow(desk, earlier.id)
    elif isinstance(earlier, Arrangement | Hours):
        retime.retime(desk)
    else:
        introduction_news.undone(desk, earlier, one.what)


def _as_if_never(desk: Desk, present: Changed) -> Changed:
    """A record that the act created stays, in its first state: nothing is deleted."""
    if isinstance(present, Talk):
        return replace(present, state=TalkState.NONE, day=None, proxy=False, recorded=desk.now())
    if isinstance(present, Form):
        return replace(
            present,
            state=FormState.NOT_HANDED_OUT,
            handed_out=None,
            received=None,
            archived=None,
        )
    if isinstance(present, Exemption):
        return replace(present, relief=None)
    if isinstance(present, Introduction):
        return replace(present, closed=desk.today(), extended=0)
    if isinstance(present, Pairing):  # it has answered for nobody: it ends where it began
        return replace(present, until=present.since or desk.today(), ended=Ending.UNDONE)
    if isinstance(present, Pause):
        return replace(present, ended=desk.today())
    if isinstance(present, Person | Term):
        return present  # no act that may be taken back creates one
    if isinstance(present, Arrangement | Hours):
        return replace(present, removed=desk.now())
    if isinstance(present, Opinion):
        return replace(present, written=None, consent=None, recorded=desk.now())
    return replace(present, answered=desk.now())
