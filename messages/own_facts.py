"""What somebody reads of what is kept about them (/mydata): a record in its own words, and counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from messages.facts import Named
from storage.records import Away, Decision, FormState, Relief, Role, TalkState

# A record about a person in /mydata: what it is, and what its days and its answer mean there.
HELD: Mapping[str, str] = {
    "mentored": "本人的",
    "mentoring": "联系的同学",
    "talk_half_year": "半年考察谈话",
    "talk_introduction": "入党介绍谈话",
    "form": "登记表",
    "obstacle": "“约不上老师”",
    "pause": "暂时离校",
    "exempt_talk": "逾期的谈话",
    "exempt_form": "逾期的登记表",
    "introduction": "入党介绍",
    "opinion": "入党介绍人意见",
    "invite": "开通链接",
    "data_correct": "请求更正",
    "data_erase": "请求删除",
}
HELD_DAYS: Mapping[str, tuple[str, str, str]] = {
    "mentored": ("起", "", "止"),
    "mentoring": ("起", "", "止"),
    "talk_half_year": ("谈话", "登记", ""),
    "talk_introduction": ("谈话", "登记", ""),
    "form": ("发放", "收到", "归档"),
    "obstacle": ("提出", "", "办结"),
    "exempt_talk": ("决定", "", ""),
    "exempt_form": ("决定", "", ""),
    "pause": ("起", "提前结束", "止"),
    "introduction": ("审查会议", "志愿书已填", "支部大会"),
    "opinion": ("写成", "登记", ""),
    "invite": ("发出", "", "到期"),
    "data_correct": ("提出", "", "答复"),
    "data_erase": ("提出", "", "答复"),
}
HELD_ANSWERS: Mapping[str, tuple[str, str]] = {
    "mentoring": ("同意担任", "不便担任"),
    "opinion": ("愿意介绍", "暂不"),
    "data_correct": ("已处理", "没有办理"),
    "data_erase": ("已处理", "没有办理"),
}
HELD_MARKS: Mapping[str, str] = {"record": "导师记录已签", "opinion": "支部意见已填"}


@dataclass(frozen=True, slots=True)
class Held:
    """One record about a person, as the person reads it; ``what``: a key of `HELD`.

    ``day``, ``recorded``, ``until`` mean what the record's own words say of them.
    """

    what: str
    day: date | None
    recorded: date | None = None
    until: date | None = None
    other: Named | None = None
    role: Role | None = None
    state: TalkState | FormState | Decision | Away | Relief | None = None
    term: str | None = None
    name: str = ""
    marks: tuple[str, ...] = ()
    consent: bool | None = None
    reply: str | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """How often a thing was recorded, and when last; ``what``: a key of `ACTS`, `READS`, or ``other``."""

    what: str
    times: int
    last: date
