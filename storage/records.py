"""What we know: one frozen record per kind of thing, and the small facts that rules hand on.

A record's ``id`` is the id of its TinyDB document; ``0`` means "not stored yet". Moments are aware
(Asia/Shanghai); dates are the office's calendar days. Records are replaced, never changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NewType

PersonId = NewType("PersonId", int)  # random: the 编号 is an attribute of one row only
BranchId = NewType("BranchId", int)
PairingId = NewType("PairingId", int)
TermId = NewType("TermId", int)
TalkId = NewType("TalkId", int)
FormId = NewType("FormId", int)
IntroductionId = NewType("IntroductionId", int)
RowId = NewType("RowId", int)  # a row of the outbox

Json = Mapping[str, Any]  # what an outbox recipe or a button may carry: JSON values only


class Kind(StrEnum):
    """类别: of a branch, and of a person."""

    STUDENT = "student"
    TEACHER = "teacher"


class Stage(StrEnum):
    """阶段, in the order in which a person passes through them."""

    ACTIVIST = "activist"  # 入党积极分子
    CANDIDATE = "candidate"  # 发展对象
    PROBATIONARY = "probationary"  # 预备党员
    FULL = "full"  # 正式党员


class Duty(StrEnum):
    """职务: what a person does for a branch or the college, from the roster alone."""

    SECRETARY = "secretary"  # 书记
    COMMITTEE = "committee"  # 组织委员
    OFFICE = "office"  # 学院


class Role(StrEnum):
    """身份 of a mentor in a pairing."""

    CONTACT = "contact"  # 培养联系人
    INTRODUCER = "introducer"  # 入党介绍人


class Ending(StrEnum):
    """Why a pairing ended. Kept on record; no message gives it (policy § 4)."""

    MOVED = "moved"  # 调离
    RETIRED = "retired"  # 退休
    RESIGNED = "resigned"  # 请辞
    OTHER = "other"  # 其他
    STAGE = "stage"  # the student's new stage has other mentors, or none (A24, R32)
    LEFT = "left"  # the student has gone elsewhere (转出)
    GRADUATED = "graduated"  # 毕业
    ROSTER = "roster"  # no longer listed
    UNDONE = "undone"  # taken back within ten minutes: it has answered for nobody


class TalkKind(StrEnum):
    HALF_YEAR = "half_year"  # 半年考察
    INTRODUCTION = "introduction"  # 入党介绍


class TalkState(StrEnum):
    NONE = "none"  # 未谈
    CLAIMED = "claimed"  # 等老师确认
    CONFIRMED = "confirmed"  # 老师已确认
    DISPUTED = "disputed"  # 待核实


class FormKind(StrEnum):
    ACTIVIST = "activist"  # 《入党积极分子和发展对象培养考察登记表》
    PROBATIONARY = "probationary"  # 《预备党员考察登记表》


class FormState(StrEnum):
    NOT_HANDED_OUT = "not_handed_out"
    HANDED_OUT = "handed_out"
    RECEIVED = "received"
    ARCHIVED = "archived"


class RowState(StrEnum):
    """Life of an outbox row. ``CANCELLED``: its subject was closed before it left."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"


class InboxState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    QUARANTINED = "quarantined"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A 支部. ``paired``: for a student branch its faculty branches, in the roster's order (R1)."""

    id: BranchId = BranchId(0)
    name: str
    kind: Kind
    paired: tuple[BranchId, ...] = ()
    chat: int | None = None  # the group bound by /link
    thread: int | None = None  # the topic in that group, if it has topics


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One row of the roster. ``number`` is the 编号 and never leaves over Telegram."""

    id: PersonId = PersonId(0)
    number: str
    name: str
    branch: BranchId
    kind: Kind
    stage: Stage
    duties: tuple[Duty, ...] = ()
    class_name: str | None = None
    stage_since: date | None = None
    may_introduce: bool = True
    relatives: tuple[str, ...] = ()  # 编号 of relatives; never over Telegram
    left: date | None = None  # no longer on the roster
    cleared: date | None = None  # purged: nothing is left but that others' records point here


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person's Telegram account, from enrolment until ``until``. At most one is live per person and per id."""

    id: int = 0
    person: PersonId
    telegram: int  # the user id, which is also the private chat's id
    since: datetime
    until: datetime | None = None
    reachable: bool = True  # False: blocked or gone; the secretary knows
    notice: str = ""  # the version of the notice on personal data agreed to; "": enrolled before there was any
    notice_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """结对: one mentor answers for one student in one role. ``until`` ends it; history stays.

    ``asked``: when the question for consent leaves (A20); None: not asked, as of imported pairings.
    ``consent`` False: 不便, which the secretary mends; the pairing stands until then.
    ``proxy``: the secretary recorded the consent for a mentor without Telegram (代记).
    ``ended``: why it ended; ``successor``: who has taken over, if anybody.
    ``advised``: when a contact's opinion on listing as 发展对象 was noted (R25).
    """

    id: PairingId = PairingId(0)
    student: PersonId
    mentor: PersonId
    role: Role
    since: date | None = None
    until: date | None = None
    asked: datetime | None = None
    consent: bool | None = None
    proxy: bool = False
    ended: Ending | None = None
    successor: PairingId | None = None
    advised: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A round of the half-year review. ``week1`` is the Monday of teaching week 1 (R34)."""

    id: TermId = TermId(0)
    name: str
    week1: date
    opened: datetime
    settled: datetime | None = None  # the last tick that put reminders on the way


class ArrangementKind(StrEnum):
    """What the office has entered in chat about the days of a year."""

    REST = "rest"  # 放假
    WORK = "work"  # 调休: people work on a weekend
    COMPLETE = "complete"  # 已录完: the year's arrangement is all there


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """Rest days, make-up days, or a whole year that is complete; both days included.

    The office's word: it wins over settings and library, a later one over an earlier one.
    ``removed``: taken back; it stays on record and counts no more.
    """

    id: int = 0
    kind: ArrangementKind
    first: date
    last: date
    removed: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Within which hours reminders leave, ``08:30`` to ``20:30``; the office's word, it wins over the settings.

    One row at most. ``removed``: the settings hold again.
    """

    id: int = 0
    opens: str
    closes: str
    removed: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """The talk of one pairing in one round.

    ``day`` is when it took place, ``recorded`` when that was written down (R42).

    ``by`` recorded the present state; ``proxy``: a secretary recorded it for a mentor without Telegram (代记).
    """

    id: TalkId = TalkId(0)
    pairing: PairingId
    term: TermId  # 0 for an introduction's talk
    kind: TalkKind = TalkKind.HALF_YEAR
    state: TalkState
    day: date | None
    recorded: datetime
    by: PersonId
    proxy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One registration form in one round (R35–R40). Days are the actor's; moments and actors are in the deeds.

    ``signed``: the mentor's record is written and signed (R21). ``opinion``: the branch's is written (R26, R27).
    ``unsigned``: found to lack the mentor's record or signature when it came in (T3); over once it is ``signed``.
    """

    id: FormId = FormId(0)
    student: PersonId
    term: TermId
    kind: FormKind
    state: FormState
    handed_out: date | None = None
    received: date | None = None
    archived: date | None = None
    signed: bool = False
    opinion: bool = False
    unsigned: bool = False


class Decision(StrEnum):
    """What the branch meeting came to about a candidate."""

    ACCEPTED = "accepted"  # 接收
    DEFERRED = "deferred"  # 暂缓: another meeting will take it up
    REJECTED = "rejected"  # 未通过


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction:
    """A candidate's way to the branch meeting (R43–R47). Days are the actor's; moments are in the deeds.

    The talks stand in their own table, with term 0; what each introducer writes is an `Opinion`.
    ``closed``: no longer on the way, by the meeting's decision or because the review was taken back.
    """

    id: IntroductionId = IntroductionId(0)
    student: PersonId
    review: date | None  # 支部审查会议; None: who came as 预备党员 with the roster
    basics: date | None = None  # the student has filled the basics of the 志愿书 (R44)
    reviewed: date | None = None  # the branch found the opinions in order (R46)
    reviewer: PersonId | None = None
    reviewed_at: datetime | None = None  # what changes after it was not reviewed
    meeting: date | None = None
    decision: Decision | None = None  # of the last meeting
    closed: date | None = None
    extended: int = 0  # months by which the 预备期 was extended: 6 to 12, once


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What is kept of one introducer's opinion: when it was written, and the consent. The text is on paper.

    ``consent`` None: not answered; False: 暂不, which only the secretary learns (A20).
    ``proxy``: the secretary recorded the answer for an introducer without Telegram (代记).
    """

    id: int = 0
    introduction: IntroductionId
    pairing: PairingId
    written: date | None = None
    consent: bool | None = None
    proxy: bool = False
    recorded: datetime


class Answer(StrEnum):
    """What the secretary answered to a 约不上老师."""

    ARRANGED = "arranged"  # 已联系好
    REPLACED = "replaced"  # 换人
    MOVED = "moved"  # 改期


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """约不上老师: a student could not reach the mentor. Until the secretary answers, talk reminders rest."""

    id: int = 0
    student: PersonId
    term: TermId
    at: datetime
    answered: datetime | None = None
    answer: Answer | None = None  # None with ``answered`` set: taken back by the student
    day: date | None = None  # 改期


class Away(StrEnum):
    """Why a student is away."""

    SUSPENDED = "suspended"  # 休学
    EXCHANGE = "exchange"  # 交换
    OTHER = "other"  # 其他


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A student is away: from ``since`` to ``until``, both included, no reminder goes to or about them.

    The student counts all the while. ``ended``: the day on which it was ended early, or taken back.
    """

    id: int = 0
    student: PersonId
    reason: Away
    since: date
    until: date
    ended: date | None = None


class Item(StrEnum):
    """What a round asks of a student."""

    TALK = "talk"
    FORM = "form"


class Relief(StrEnum):
    """What a human has decided of something overdue (PRODUCT § 3)."""

    RELEASED = "released"  # 免除: no longer asked for
    PUT_OFF = "put_off"  # 推迟: later, and no reminder of this round comes back to it


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """One overdue item of one student, released or put off; the reason is in the deed.

    ``relief`` None: taken back, so that the item is asked for again.
    """

    id: int = 0
    student: PersonId
    term: TermId
    item: Item
    relief: Relief | None
    day: date


class Wish(StrEnum):
    """What a person asks of what is kept about them."""

    CORRECT = "correct"  # 更正
    ERASE = "erase"  # 删除


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A person's wish about what is kept about them, and the secretary's answer.

    ``granted`` None: not answered. ``reply``: why not, in the secretary's words.
    """

    id: int = 0
    person: PersonId
    wish: Wish
    text: str
    at: datetime
    answered: datetime | None = None
    granted: bool | None = None
    reply: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """A single-use enrolment link. Only the SHA-256 of its token is kept."""

    id: int = 0
    person: PersonId
    token_hash: str
    created: datetime
    expires: datetime
    used: datetime | None = None
    revoked: datetime | None = None
    tries: int = 0  # wrong second factors so far
    claimed_by: int | None = None  # the Telegram id that opened it and owes the second factor
    notice: str = ""  # the version of the notice that this account has read with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A roster that the office has sent by chat, until it is applied, dropped or too old; then it is removed.

    ``file`` is Telegram's name for it. ``kept``: the file in the data folder that holds what was read;
    None: not fetched yet. ``row``: the message that shows it.
    """

    id: int = 0
    person: PersonId
    file: str
    at: datetime
    attempts: int = 0
    kept: str | None = None
    row: RowId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedTry:
    """An account has failed to enrol: a link that opens nothing, or a wrong second factor. Kept for an hour."""

    id: int = 0
    telegram: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """An inline button: its opaque ``token`` is all that Telegram carries."""

    id: int = 0
    token: str
    row: RowId  # the outbox row whose message it stands under
    label: str
    action: str
    args: Json
    person: PersonId | None  # who may press; None: only in a group message
    expires: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the bot waits for from a person: the next plain text answers it."""

    id: int = 0
    person: PersonId
    action: str
    args: Json
    at: datetime
    expires: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing to be said (outbox). A recipe: ``kind`` and ``args`` (ids, dates as ISO text), never finished text.

    ``keys`` are unique for ever (one row may carry several reminders of one minute). ``chat`` is where it goes;
    ``to`` the person it is for (None: a group, or a stranger). ``edits`` names the row whose message it changes.
    ``about`` are the people it speaks of.
    """

    id: RowId = RowId(0)
    kind: str
    chat: int
    to: PersonId | None
    args: Json = field(default_factory=dict)
    about: tuple[PersonId, ...] = ()
    keys: tuple[str, ...] = ()
    due: datetime
    created: datetime
    silent: bool = False
    reminder: bool = False  # goes after the answers to people
    edits: RowId | None = None
    reply_to: int | None = None
    thread: int | None = None
    state: RowState = RowState.PENDING
    attempts: int = 0
    sent: datetime | None = None
    message: int | None = None  # Telegram's message id, once sent
    reason: str | None = None  # why dead, cancelled or uncertain
    live: bool = False  # carries buttons that still count as "the list" of its recipient
    picture: bool = False  # went out as a picture: what edits it edits picture and caption


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One raw update (inbox), redacted before it is committed (DESIGN, decision 8)."""

    id: int = 0
    update: int  # Telegram's update_id
    raw: Json
    at: datetime
    state: InboxState = InboxState.WAITING
    attempts: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """How often on a day the access rules said no: a counter, so that no flood of it fills the disk.

    ``person`` None: strangers, all of them together. ``where``: the kind of chat. Never what was said.
    """

    id: int = 0
    day: date
    person: PersonId | None
    action: str
    where: str
    times: int
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Who did what, when, for whom and why: the audit, and what /undo takes back.

    ``table`` and ``row`` name the changed record, ``before``/``after`` its documents (None: did not exist).
    Deeds of one act share ``batch`` (the id of the first). ``why`` is a reason given in words.
    ``link`` chains it to the deed before it; ``blanked``: what a purge left of its documents and
    reason, a digest (`storage.chain`).
    """

    id: int = 0
    at: datetime
    by: PersonId | None  # None: the bot itself or the command line
    what: str
    about: PersonId | None = None
    table: str | None = None
    row: int | None = None
    before: Json | None = None
    after: Json | None = None
    batch: int = 0
    why: str | None = None
    undone: datetime | None = None
    link: str = ""
    blanked: str = ""


# Facts that travel from rules to messages; none of them is stored.


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Rest days and make-up working days, as `app` knows them; rules never ask a library.

    ``holidays``: every day inside an announced public holiday, weekends in it included.
    ``makeup``: weekend days on which people work (调休). ``announced``: years whose arrangement is known;
    in any other year weekends alone rest, and the bot says so (A14).
    """

    holidays: frozenset[date] = frozenset()
    makeup: frozenset[date] = frozenset()
    announced: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """The dates of one round, all inclusive (A14)."""

    week1: date
    week1_end: date
    talk_from: date  # Monday of week 2
    talk_to: date  # Sunday of week 3
    hand_in_from: date  # Monday of week 4
    deadline: date
    last_working: date  # last working day of week 4 that is not after the deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A branch in one round: how many students, and how many stand where. Every part adds up to ``students``."""

    branch: BranchId
    students: int
    talk: Mapping[TalkState, int]
    form: Mapping[FormState, int]
    not_enrolled: int

    @property
    def received(self) -> int:
        """How many forms are in, archived or not."""
        return self.form[FormState.RECEIVED] + self.form[FormState.ARCHIVED]
