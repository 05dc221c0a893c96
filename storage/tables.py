"""Which tables there are, and by what each is found: the store's table of contents.

A key in an index marked ``unique`` belongs to one record at most; these are the invariants no
database holds for us (reliability § 5). A record without keys is not in the index.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from storage.records import (
    Account,
    Arrangement,
    Branch,
    Button,
    Deed,
    Denial,
    Duty,
    Exemption,
    FailedTry,
    Form,
    Hours,
    Introduction,
    Invite,
    Obstacle,
    Opinion,
    Pairing,
    Pause,
    Person,
    Question,
    Received,
    Request,
    Row,
    Talk,
    Term,
    Upload,
)

Record = (
    Person
    | Branch
    | Account
    | Pairing
    | Term
    | Arrangement
    | Hours
    | Talk
    | Form
    | Obstacle
    | Pause
    | Exemption
    | Introduction
    | Opinion
    | Request
    | Invite
    | FailedTry
    | Button
    | Question
    | Upload
    | Row
    | Received
    | Deed
    | Denial
)
R = TypeVar("R", bound=Record)
Keys = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Index(Generic[R]):
    """A look-up by ``keys(record)``, of which there may be none, one or several."""

    name: str
    keys: Callable[[R], Keys]
    unique: bool = False


@dataclass(frozen=True, slots=True)
class Declared(Generic[R]):
    """A table: its name on disk, what it holds, how it is found. ``random_ids``: unguessable."""

    name: str
    holds: type[R]
    indexes: tuple[Index[R], ...] = ()
    random_ids: bool = False


def some(key: Hashable) -> Keys:
    """The key, unless there is none."""
    return () if key is None else (key,)


def when(condition: bool, key: Hashable) -> Keys:
    """The key while the condition holds."""
    return (key,) if condition else ()


def _held(person: Person) -> tuple[Duty, ...]:
    return person.duties if person.left is None else ()


PEOPLE = Declared(
    "people",
    Person,
    (
        Index("number", lambda p: (p.number,), unique=True),
        Index("branch", lambda p: (p.branch,)),
        Index("duty", _held),
        Index("branch_duty", lambda p: tuple((p.branch, duty) for duty in _held(p))),
        Index("name", lambda p: (p.name,)),
    ),
    random_ids=True,
)
BRANCHES = Declared(
    "branches",
    Branch,
    (
        Index("name", lambda b: (b.name,), unique=True),
        Index("chat", lambda b: some(b.chat)),
    ),
)
ACCOUNTS = Declared(
    "accounts",
    Account,
    (
        Index("telegram", lambda a: when(a.until is None, a.telegram), unique=True),
        Index("person", lambda a: when(a.until is None, a.person), unique=True),
        # Who can be told of a newer notice; "": agreed before versions were written down.
        Index("notice", lambda a: when(a.until is None and a.reachable, a.notice or "")),
    ),
)
PAIRINGS = Declared(
    "pairings",
    Pairing,
    (
        Index("student", lambda p: (p.student,)),
        Index("mentor", lambda p: (p.mentor,)),
        Index("open_student", lambda p: when(p.until is None, p.student)),
        Index("open_mentor", lambda p: when(p.until is None, p.mentor)),
    ),
)
TERMS = Declared("terms", Term, (Index("week1", lambda t: (t.week1,)),))
ARRANGEMENTS = Declared("arrangements", Arrangement)
HOURS = Declared("hours", Hours)
TALKS = Declared(
    "talks",
    Talk,
    (
        Index("pairing_term", lambda t: ((t.pairing, t.term),), unique=True),
        Index("pairing", lambda t: (t.pairing,)),
        Index("term_state", lambda t: ((t.term, t.state),)),
    ),
)
FORMS = Declared(
    "forms",
    Form,
    (
        Index("student_term", lambda f: ((f.student, f.term),), unique=True),
        Index("term_state", lambda f: ((f.term, f.state),)),
    ),
)
OBSTACLES = Declared(
    "obstacles",
    Obstacle,
    (
        Index("student_term", lambda o: ((o.student, o.term),)),
        Index("open_term", lambda o: when(o.answered is None, o.term)),
    ),
)
PAUSES = Declared("pauses", Pause, (Index("student", lambda p: (p.student,)),))
EXEMPTIONS = Declared(
    "exemptions",
    Exemption,
    (
        Index("student_term", lambda e: ((e.student, e.term),)),
        Index("item", lambda e: ((e.student, e.term, e.item),), unique=True),
    ),
)
INTRODUCTIONS = Declared(
    "introductions",
    Introduction,
    (
        Index("student", lambda i: (i.student,)),
        # One way at a time: whoever is on it does not begin another.
        Index("open_student", lambda i: when(i.closed is None, i.student), unique=True),
    ),
)
OPINIONS = Declared(
    "opinions",
    Opinion,
    (Index("of", lambda o: ((o.introduction, o.pairing),), unique=True),),
)
REQUESTS = Declared(
    "requests",
    Request,
    (Index("person", lambda r: (r.person,)),),
)
INVITES = Declared(
    "invites",
    Invite,
    (
        Index("token_hash", lambda i: (i.token_hash,), unique=True),
        Index("person", lambda i: (i.person,)),
        Index(
            "claimed_by",
            lambda i: some(i.claimed_by) if i.used is None and i.revoked is None else (),
        ),
    ),
)
FAILED_TRIES = Declared("failed_tries", FailedTry)
BUTTONS = Declared(
    "buttons",
    Button,
    (
        Index("token", lambda b: (b.token,), unique=True),
        Index("row", lambda b: (b.row,)),
    ),
)
QUESTIONS = Declared("questions", Question, (Index("person", lambda q: (q.person,)),))
UPLOADS = Declared("uploads", Upload, (Index("person", lambda u: (u.person,), unique=True),))
OUTBOX = Declared(
    "outbox",
    Row,
    (
        Index("key", lambda r: r.keys, unique=True),
        Index("state", lambda r: (r.state,)),
        Index("chat_message", lambda r: when(r.message is not None, (r.chat, r.message))),
        Index("live", lambda r: when(r.live, (r.to, r.kind))),
        Index("chat_state", lambda r: ((r.chat, r.state),)),
    ),
)
INBOX = Declared(
    "inbox",
    Received,
    (
        Index("state", lambda r: (r.state,)),
        # Not unique: update ids may restart after a quiet week (reliability § 5).
        Index("update", lambda r: (r.update,)),
    ),
)
DEEDS = Declared(
    "deeds",
    Deed,
    (
        Index("by", lambda d: some(d.by)),
        Index("about", lambda d: some(d.about)),
        Index("batch", lambda d: (d.batch,)),
        Index("row", lambda d: when(d.table is not None, (d.table, d.row))),
    ),
)
DENIALS = Declared(
    "denials",
    Denial,
    (
        Index("of", lambda d: ((d.day, d.person, d.action, d.where),), unique=True),
        Index("person", lambda d: some(d.person)),
    ),
)
