"""The small grammar of 「已谈」: which texts say, and say nothing but, that a talk took place.

A claim is never found *inside* a text: every part of it must be a claim or mere courtesy. So what
nobody thought of (快谈完了, 谈了个寂寞, 谈了再说) is no claim and is asked back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.rules.names import split_names
from bot.rules.surnames import TITLES, looks_like_a_name
from bot.rules.typed import Pattern


@dataclass(frozen=True, slots=True)
class Claim:
    """``names``: whom it is about, if anybody is named. ``everyone``: 都, 两位."""

    names: tuple[str, ...] = ()
    everyone: bool = False


# Words that people mistype (己谈, 已淡, 谈锅了), each only where it can be nothing else.
_SLIPS = tuple(
    (Pattern(pattern), right)
    for pattern, right in (
        (r"(?<![自知而可所难得用])[己巳以乙](?=\s*经?\s*[谈淡弹谭聊])", "已"),
        (r"(?<=已)[淡弹谭]|(?<=已经)[淡弹谭]|[淡弹](?=[过完锅玩])", "谈"),
        (r"(?<=谈)[锅国果](?=了|$)", "过"),
        (r"(?<=谈)玩(?=了|$)", "完"),
    )
)
# Not in a name here, though 没, 还, 要 … occur in some: such people are asked for with buttons.
_NAME = r"(?:(?!谢谢|[没未不无别非莫勿否还要会想快差将再能可若假约说等待吗么呢吧呗的了谁去准打应该谈聊])[一-龥])"
_TITLE = f"(?:{'|'.join(TITLES)})"
_TALK = r"(?:谈话|面谈|座谈|谈心|交谈|交流|沟通|谈|聊)"
_SELF = r"(?:我们?|我俩|咱们|本人)?"
_PAIR = r"(?P<pair>[和跟与]?(?:两位|两个|俩)(?:老师|介绍人|联系人|同学)?)"
_MENTOR = r"(?:我的?)?(?:两位|两个|俩)?(?:培养联系人|入党介绍人|介绍人|联系人|导师|老师)(?:老师)?"
_NAMED = rf"(?P<named>{_NAME}{{1,4}}?{_TITLE}|{_NAME}{{2,4}}?)"
_WITH = rf"(?:[和跟与同找](?:{_MENTOR}|您|你|他|她|{_NAMED}))"
_BY = rf"(?:(?P<by>{_NAME}{{1,3}}{_TITLE})|{_MENTOR})(?:已经?|刚|都)*[和跟与找同]我们?"
_HOW = (
    r"(?:当面|线上|线下|面对面|在?(?:微信|电话|腾讯会议|视频|语音)[上里]?|通过(?:微信|电话|视频)"
    r"|打电话|[在到](?:老师)?(?:办公室|教室|学院|学校|图书馆|食堂|会议室)里?)"
)
_BEFORE = rf"(?:已经?|刚才?|都|也|确实|真的|全部|均|终于|总算|是|{_HOW})*"
_ONCE = r"(?:[一两二三]|[1-9]\d?)[次回]"
_LONG = (
    r"(?:一下|一会儿?|很久|好久|挺久|很多|不少|半个?(?:小时|钟头)"
    r"|(?:[一两二三四五六七八九十]{1,3}|[1-9]\d{0,2}(?:\.\d)?)个?[半多]?(?:小时|钟头|分钟))"
)
_DONE = (  # 谈过话了, 谈了一次话, 谈话已完成
    rf"(?:{_TALK}[了过](?:{_ONCE}|{_LONG})?[话心天]?的?了?|{_TALK}(?:完|过了)[话天]?的?了?"
    rf"|{_TALK}(?:好了|完毕)|谈了谈|聊了聊|{_TALK}(?:已经?|都)?(?:完成|结束)了?|完成了{_TALK}|完成{_TALK}了)"
)
_DONE_BEHIND_ALREADY = rf"(?:{_TALK}[过完]?[话心]?(?:{_ONCE})?了?|完成了?{_TALK}了?)"
_CLAIM = tuple(
    Pattern(pattern + r"[啦咯喽哦噢喔哈哒呀啊呐哟]*")
    for pattern in (
        rf"(?:{_PAIR}|{_SELF}){_BEFORE}{_WITH}?{_BEFORE}(?:{_DONE}|(?P<dated>[谈聊]的))",
        rf"(?:{_PAIR}|{_SELF})都?已经?都?(?:{_HOW}|{_WITH})*{_DONE_BEHIND_ALREADY}",
        rf"{_SELF}{_WITH}都?已经?{_DONE_BEHIND_ALREADY}",
        rf"{_BY}{_BEFORE}{_DONE}",
        r"/?done",
    )
)
_LISTED = Pattern(r"(?:已谈话?|谈[了过]了?|/?done)(?=[\s:,、])[\s:,、]*(?P<names>.+)")
_SUBJECTS = Pattern(
    rf"(?P<names>.+?)[\s:,、]*(?P<claim>(?:已经?|都|刚)*(?:{_DONE}|已{_DONE_BEHIND_ALREADY}))"
)

_SOMEBODY = rf"(?:(?:{_NAME}{{0,3}}{_TITLE}|大家)[您你们]?|您|你)"
_THANKS = rf"(?:(?:谢谢|感谢|麻烦|辛苦|打扰)(?:{_SOMEBODY})?了?)"
_ASSENT = r"(?:好的|嗯|哦|是的|对的?)"
_COURTESY = Pattern(
    rf"(?:{_SOMEBODY}好?|{_THANKS}|嗯+|哦+|{_ASSENT}|好|是|哈+|ok|hi|hello|thx|thanks|收到|没问题|很?顺利|挺好的?"
    rf"|请{_SOMEBODY}?(?:查收|知悉|放心|登记|记录|确认)(?:一下)?|特此(?:告知|报告|汇报)|(?:报告|汇报)(?:一下)?)"
)
_ENDING = Pattern(rf"{_THANKS}|收到|哈+|ok|thx|thanks")
_PEEL = Pattern(rf"^(?:{_SOMEBODY}好|{_ASSENT})+|(?:{_THANKS}|哈)+$")


def mend(text: str) -> str:
    """Folded ``text`` with the usual slips of the claim's words put right."""
    for slip, right in _SLIPS:
        text = slip.sub(right, text)
    return text


def clauses(text: str, *, courtesy: bool = False) -> list[str]:
    """``text`` cut at punctuation, without spaces; greetings and thanks only if ``courtesy``."""
    parts = [mend("".join(part.split())) for part in re.split(r"[,;!~….。:()、|/\n]+", text)]
    if courtesy:
        return parts
    peeled = [_PEEL.sub("", part) for part in parts]
    return [part for part in peeled if part and not _COURTESY.fullmatch(part)]


def read_claim(text: str, *, dated: bool, subjects: bool) -> Claim | None:
    """The claim that folded ``text`` (its day taken out) makes, or None.

    ``dated``: a day stood in it, so that 谈的 counts. ``subjects``: the speaker may report on
    others (李明谈过了), as a mentor does.
    """
    listed = _LISTED.fullmatch(text)
    if listed and (names := _names(listed["names"], latin=subjects)):
        return Claim(names)
    spoken = subjects and _SUBJECTS.fullmatch(text)
    if spoken and (names := _names(spoken["names"], latin=True)):
        return Claim(names)
    said = [_claim(clause, dated=dated) for clause in clauses(text)]
    found = [claim for claim in said if claim is not None]
    if not found or len(found) < len(said):
        return None
    return Claim(
        tuple(name for claim in found for name in claim.names),
        any(claim.everyone for claim in found),
    )


def _claim(clause: str, *, dated: bool) -> Claim | None:
    for pattern in _CLAIM:
        m = pattern.fullmatch(clause)
        groups = m.groupdict() if m else {}
        name = groups.get("named") or groups.get("by")
        if m and (dated or not groups.get("dated")) and (not name or looks_like_a_name(name)):
            everyone = bool(groups.get("pair") or re.search(r"都|全部|[和跟与同找][两俩]", clause))
            return Claim((name,) if name else (), everyone)
    return None


def _names(text: str, *, latin: bool) -> tuple[str, ...]:
    """The names in ``text``, if there is nothing else in it but courtesy."""
    words = [word for word in split_names(text) if not _ENDING.fullmatch(word)]
    fine = all(
        (looks_like_a_name(word) and re.fullmatch(rf"{_NAME}+", word))
        or (latin and re.fullmatch(r"(?!no)[a-z]{2,}", word))
        for word in words
    )
    return tuple(words) if fine else ()
