"""What a sentence is made from: people as they are addressed, and the fixed words of the house.

A caller gathers facts (plain values by name) and `render` turns them into a sentence.
What /mydata and the dates alone need stands in `messages.own_facts` and `messages.date_facts`.
The names mean the same in every message; what only one message needs is noted beside it:

=================  ==========================================================================
``to``             `Named`: who reads it; its greeting stands in front, ``to.you`` is 你 or 您
``today``          date on which it is read; deadlines are worded by it
``windows``        `storage.records.Windows` of the round
``branch``         name of the 支部, also its signature
``committee``      `Named` or None (vacant: then the secretary holds the role, A23; nobody: None)
``secretary``      `Named` or None
``mentors``        list of `Named`: a student's mentors; ``mentor``: the one in question
``students``       list of `Named`; ``student``: the one in question
``day``            date of the talk, of the receipt …
``state``          `TalkState`
``talk``, ``forms``  numbers of students by `TalkState`, by `FormState`
``form_name``      one of `FORM_NAMES`
``missing``        list of keys of `MISSING`
``roles``          list of keys of `ROLES`
``claims``         list of `Claim`
``candidates``     list of `Candidate`
``introducers``    list of `IntroducerLine`
``probations``     list of `Probation`
``told``           whom the bot has told of it: list of `Named`, or a bool where one is meant
=================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from storage.records import (
    Away,
    Decision,
    FormKind,
    FormState,
    Item,
    Progress,
    Relief,
    Role,
    Stage,
    TalkState,
)

Manner = Literal["classmate", "comrade", "teacher"]

TITLES: Mapping[Manner, str] = {"classmate": "同学", "comrade": "同志", "teacher": "老师"}

TALK_WORDS: Mapping[TalkState, str] = {
    TalkState.CONFIRMED: "老师已确认",
    TalkState.CLAIMED: "等老师确认",
    TalkState.DISPUTED: "待核实",
    TalkState.NONE: "未谈",
}  # in the order in which totals name them (policy § 5.1, B1)

FORM_WORDS: Mapping[FormState, str] = {
    FormState.NOT_HANDED_OUT: "未发放",
    FormState.HANDED_OUT: "已发放",
    FormState.RECEIVED: "已收",
    FormState.ARCHIVED: "已归档",
}

FORM_NAMES: Mapping[FormKind, str] = {
    FormKind.ACTIVIST: "《入党积极分子和发展对象培养考察登记表》",
    FormKind.PROBATIONARY: "《预备党员考察登记表》",
}

STAGES: Mapping[Stage, str] = {
    Stage.ACTIVIST: "入党积极分子",
    Stage.CANDIDATE: "发展对象",
    Stage.PROBATIONARY: "预备党员",
    Stage.FULL: "正式党员",
}

MENTOR_ROLES: Mapping[Role, str] = {Role.CONTACT: "培养联系人", Role.INTRODUCER: "入党介绍人"}

ROLES: Mapping[str, str] = {
    "student": "学生",
    "mentor": "联系学生的党员",
    "committee": "组织委员",
    "secretary": "支部书记",
    "office": "学院党委办公室",
}

TIMELINESS: Mapping[str, str] = {"early": "提前", "late": "逾期"}  # A13

# What may be lacking: as a student reads it (only what the student can do), then as the branch.
MISSING: Mapping[str, str] = {
    "talk": "与老师谈话",
    "check": "与老师核对谈话日期",
    "form": "交登记表",
    "not_talked": "未谈",
    "claimed": "等老师确认",
    "disputed": "待核实",
    "not_received": "未交表",
    "record": "导师记录和签名",
    "opinion": "党支部考察意见",
    "intro_talk": "谈话",
    "intro_confirm": "谈话的确认",
    "intro_opinion": "入党介绍人意见",
    "intro_consent": "意见中的态度",
}

NOTES: Mapping[str, str] = {
    "basics_before_review": "填写基本信息早于支部审查会议",
    "talk_before_review": "谈话早于支部审查会议",
    "talk_before_basics": "谈话早于填写基本信息",
    "opinion_before_talk": "意见早于谈话",
    "reviewed_before_opinion": "支部审查早于意见",
}  # orders that are only unusual (A21)

AWAY: Mapping[Away, str] = {
    Away.SUSPENDED: "休学",
    Away.EXCHANGE: "交换",
    Away.OTHER: "其他",
}

DECISIONS: Mapping[Decision, str] = {
    Decision.ACCEPTED: "接收",
    Decision.DEFERRED: "暂缓",
    Decision.REJECTED: "未通过",
}

# Where the pairings of a branch fall short, as whoever assigns reads it (R2, R7, R10, R11, R20, A17).
SHORTFALLS: Mapping[str, str] = {
    "no_mentor": "待分配培养联系人或入党介绍人",
    "few_introducers": "入党介绍人不足两名",
    "no_teacher": "导师中没有教工党员",
    "one_contact": "只有一名培养联系人",
    "stale_talk": "上次谈话已满七个月",
    "silent_teachers": "本学期还没有谈话的对接支部老师",
}

# What somebody has recorded, as undoing it and a person's history name it.
DEEDS: Mapping[str, str] = {
    "claim": "谈话登记",
    "confirmation": "谈话确认",
    "denial": "“还没谈”的答复",
    "objection": "“没有谈”的答复",
    "done": "谈话登记",
    "proxy": "代记",
    "corrected": "谈话日期的更正",
    "voided": "谈话登记的作废",
    "form_corrected": "登记表日期的更正",
    "form_voided": "登记表登记的作废",
    "obstacle": "“约不上老师”",
    "obstacle_answer": "约谈的答复",
    "no_form": "“没拿到表”",
    "handed_out": "发表登记",
    "received": "收表登记",
    "archived": "归档登记",
    "tick_record": "“导师记录已签”的登记",
    "tick_opinion": "“党支部考察意见已填”的登记",
    "tick_unsigned": "“缺导师签名”的登记",
    "intro_review": "审查会议的登记",
    "intro_meeting": "大会日期的登记",
    "intro_basics": "“志愿书已填”",
    "intro_opinion": "“意见已写”",
    "intro_consent": "态度的登记",
    "intro_reviewed": "“审查通过”",
    "intro_decision": "大会结果的登记",
    "intro_extended": "预备期延长的登记",
    "assign": "分配",
    "pairing_end": "结对的结束",
    "stage": "阶段的更改",
    "advised": "“已提出”",
    "left": "离开的登记",
    "paused": "暂停",
    "resumed": "恢复",
    "consent": "“同意”的答复",
    "declined": "“不便”的答复",
    "arranged": "放假安排的登记",
    "arrangement_removed": "放假安排的删除",
    "hours": "安静时段的更改",
    "released_talk": "免除谈话",
    "released_form": "免除交表",
    "put_off_talk": "推迟谈话",
    "put_off_form": "推迟交表",
    "restored_talk": "恢复谈话的要求",
    "restored_form": "恢复交表的要求",
}

# What else the audit holds: no act that a card of the person tells of.
NOTED: Mapping[str, str] = {
    "invite": "开通链接",
    "account_ended": "换账号",
    "invite_revoked": "作废开通链接",
    "enrol": "开通",
    "undo": "撤销",
    "taken_back": "收回登记",
    "taken_over": "由新导师接手",
    "obstacle_closed": "约谈办结",
    "begun_anew": "重新开始",
    "opinion_checked": "检查意见写法",
    "roster": "花名册",
    "roster_sent": "发来花名册",
    "link": "绑定群",
    "unlink": "解除群绑定",
    "term_opened": "学期开始",
    "term_corrected": "学期日期更正",
    "purged": "按保存期限清除",
    "data_correct": "请求更正",
    "data_erase": "请求删除",
    "data_done": "请求已处理",
    "data_refused": "请求不能处理",
    "successor": "接任的导师",
    "notice": "同意个人信息告知",
}

# Who has read of others (X21): in the audit alone.
READS: Mapping[str, str] = {
    "read_mentor": "查看所联系同学的进度",
    "read_branch": "查看支部进度",
    "read_office": "查看各支部进度",
    "read_list": "查看名单",
    "read_card": "查看个人情况",
    "read_export": "导出进度工作簿",
    "read_forms": "打印登记表",
}

# Everything that may stand in a person's whole history.
ACTS: Mapping[str, str] = {
    **DEEDS,
    **NOTED,
}

EXEMPT_ITEMS: Mapping[Item, str] = {Item.TALK: "谈话", Item.FORM: "交表"}
RELIEFS: Mapping[Relief, str] = {Relief.RELEASED: "已免除", Relief.PUT_OFF: "已推迟"}

# The lists under /status.
LISTS: Mapping[str, str] = {
    "not_talked": "未谈",
    "to_confirm": "待确认",
    "no_form": "未交表",
    "not_enrolled": "未开通",
    "unsigned": "缺导师记录或签名",
    "to_write": "待写党支部考察意见",
    "to_archive": "已收未归档",
    "overdue": "逾期未完成",
    "released": "已免除",
    "put_off": "已推迟",
}

# What a sent roster does to what is stored.
DIFFERENCES: Mapping[str, str] = {"added": "新增", "changed": "变更", "unlisted": "未列出"}

# A mentor's consent that has no yes yet, as whoever assigns reads it (A20).
CONSENT: Mapping[str, str] = {
    "waiting": "待本人答复",
    "declined": "本人表示不便",
    "proxy": "已同意（代记）",
}

# What leaves when, as /plan and the look ahead name it.
REMINDERS: Mapping[str, str] = {
    "C1": "组织委员：发登记表的名单",
    "T1": "导师：本人联系的同学名单",
    "S1": "学生：请约老师谈话",
    "S2": "学生：再次提醒约谈",
    "T2": "导师：未谈和待确认的同学",
    "S3": "学生：最后一次提醒约谈",
    "S4": "学生：请交登记表",
    "S5": "学生：还缺的事项",
    "C3": "组织委员：收表名单",
    "C4": "组织委员：还没有办完的登记表",
    "B1": "书记：支部小结",
    "B3": "书记：逾期名单",
    "E1": "学院：各支部逾期的项数",
    "G1": "支部群：谈话合计",
    "T10": "导师：请确认谈话登记",
    "S9": "发展对象：大会前还缺的事项",
    "T8": "入党介绍人：大会前还缺的事项",
    "B4": "书记：大会前还缺的事项",
    "T15": "培养联系人：积极分子已满一年",
    "T16": "入党介绍人：预备期将满",
    "T17": "导师：请答复是否同意担任",
}

# What keeps the gate of an introduction shut, by its codes (R47).
GATE: Mapping[str, str] = {
    "introducers": "两名入党介绍人",
    "talks": "入党介绍人的谈话",
    "opinions": "入党介绍人意见",
    "consents": "入党介绍人的态度",
    "reviewed": "支部审查",
}


@dataclass(frozen=True, slots=True)
class Named:
    """A person as a sentence names them (policy § 5.1).

    ``shared_surname``: another teacher of the same surname is about, so the full name is used.
    ``mark`` tells namesakes apart, brackets included, e.g. ``（小教2401）``; one's own greeting
    omits it.
    """

    full: str
    surname: str
    manner: Manner
    shared_surname: bool = False
    mark: str = ""

    @property
    def called(self) -> str:
        """How the person is spoken to: 李明同学, 张三同志, 王老师 (王芳老师 beside another 王)."""
        brief = self.manner == "teacher" and not self.shared_surname
        return f"{self.surname if brief else self.full}{TITLES[self.manner]}"

    @property
    def titled(self) -> str:
        """How others read of the person: full name, mark and title."""
        return f"{self.label}{TITLES[self.manner]}"

    @property
    def you(self) -> str:
        return "您" if self.manner == "teacher" else "你"

    @property
    def greeting(self) -> str:
        return f"{self.called}，{self.you}好"

    @property
    def label(self) -> str:
        """The name in a list or on a button."""
        return f"{self.full}{self.mark}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A talk as a mentor or a secretary is shown it; ``recorded``: the day it was written down.

    ``introduction``: it is about the 志愿书, not the half-year.
    """

    student: Named
    day: date
    recorded: date | None = None
    mentor: Named | None = None
    state: TalkState = TalkState.CLAIMED
    introduction: bool = False

    @property
    def about(self) -> str:
        """``（入党介绍）`` behind the day, or nothing."""
        return "（入党介绍）" if self.introduction else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkLine:
    """One pairing of a student in a round. ``day`` is None while there is no talk.

    ``timeliness``: ``early``, ``on_time`` or ``late`` (A13). ``proxy``: the secretary recorded it.
    """

    mentor: Named
    state: TalkState
    day: date | None = None
    timeliness: str = "on_time"
    proxy: bool = False
    introduction: bool = False

    @property
    def mark(self) -> str:
        """``，逾期，代记`` behind the day, a part of it, or nothing."""
        words = (
            "入党介绍" if self.introduction else None,
            TIMELINESS.get(self.timeliness),
            "代记" if self.proxy else None,
        )
        return "".join(f"，{word}" for word in words if word)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeedLine:
    """One thing recorded about a person; ``what``: a key of `DEEDS`, ``by`` None: with the roster."""

    what: str
    day: date
    by: Named | None = None
    undone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ActLine:
    """One act of a person's whole history. ``what``: a key of `ACTS`; ``by`` None: the bot or the command line.

    ``mentor``: whom it concerns besides; ``was``, ``day``: the day that it gave before and after.
    ``took_back``: a key of `ACTS`, of what an undoing has taken back.
    """

    what: str
    at: datetime
    by: Named | None = None
    mentor: Named | None = None
    was: date | None = None
    day: date | None = None
    why: str = ""
    undone: bool = False
    took_back: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptLine:
    """Something overdue of which a human has decided, since that day."""

    item: Item
    relief: Relief
    day: date

    @property
    def words(self) -> str:
        """``谈话已免除``, ``交表已推迟``."""
        return f"{EXEMPT_ITEMS[self.item]}{RELIEFS[self.relief]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingLine:
    """One pairing of a student. ``load``: how many students the mentor answers for now.

    ``consent``: the word for a question that has no yes yet, or nothing (A20).
    """

    mentor: Named
    role: Role
    since: date | None = None
    until: date | None = None
    load: int = 0
    consent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Whom the rules propose for one student."""

    student: Named
    mentors: tuple[Named, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """Somebody who may be chosen. ``load``: how many students the mentor answers for now."""

    mentor: Named
    branch: str
    load: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A pairing of which the mentor is asked; ``consent`` None: not answered. ``class_name`` may be empty."""

    student: Named
    role: Role
    class_name: str = ""
    consent: bool | None = None

    @property
    def introduced(self) -> str:
        """李明同学（小教2401）, never two brackets for one class."""
        return f"{self.student.full}{TITLES[self.student.manner]}{self._bracket}"

    @property
    def _bracket(self) -> str:
        return self.student.mark or (f"（{self.class_name}）" if self.class_name else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """A student who could not reach the mentors (约不上老师)."""

    student: Named
    mentors: tuple[Named, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """What one student still lacks after the deadline; ``missing`` are keys of `MISSING`."""

    student: Named
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchLine:
    """A branch as the office reads of it; ``overdue``: its students with something overdue."""

    name: str
    progress: Progress | None = None
    overdue: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """One thing that keeps the gate shut, as the secretary reads it (B4); no view of anybody's is named.

    ``part``: a key of `GATE`. ``refused``: an introducer has said 暂不.
    """

    part: str
    mentor: Named | None = None
    refused: bool = False

    @property
    def words(self) -> str:
        if self.refused:
            return "需当面沟通的事项"
        if self.mentor is None:
            return GATE[self.part]
        return f"{self.mentor.titled}的{_OF_A_MENTOR[self.part]}"


_OF_A_MENTOR: Mapping[str, str] = {"talks": "谈话", "opinions": "意见", "consents": "态度"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A 发展对象 on the way to the meeting. ``missing``: keys of `MISSING`; ``lacking``: of the gate."""

    student: Named
    meeting: date | None = None
    missing: tuple[str, ...] = ()
    lacking: tuple[Lacking, ...] = ()

    @property
    def lacks(self) -> str:
        """What keeps the gate shut, each thing once."""
        return "、".join(dict.fromkeys(one.words for one in self.lacking))


@dataclass(frozen=True, slots=True, kw_only=True)
class IntroducerLine:
    """One introducer on a candidate's card. ``consent`` None: not answered.

    ``proxy``, ``consent_proxy``: the secretary recorded the talk, the answer (代记).
    """

    mentor: Named
    state: TalkState = TalkState.NONE
    day: date | None = None
    written: date | None = None
    consent: bool | None = None
    proxy: bool = False
    consent_proxy: bool = False

    @property
    def mark(self) -> str:
        """``，代记`` behind the talk's day, or nothing."""
        return "，代记" if self.proxy else ""

    @property
    def consent_mark(self) -> str:
        """``（代记）`` behind the answer, or nothing."""
        return "（代记）" if self.consent_proxy else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a sent roster would change in one of its sheets; ``what``: a key of `DIFFERENCES`.

    ``names``: the first few of them.
    """

    sheet: str
    what: str
    count: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Probation:
    """A 预备党员 and the last day of the 预备期. ``is_over``: 转正 is due."""

    student: Named
    day: date
    is_over: bool = False
