"""What a person means by a line of chat. A false yes is the worst error: in doubt ``UNCLEAR``."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from bot.rules.claims import clauses, mend, read_claim
from bot.rules.dates import DayRead, Problem, read_day
from bot.rules.typed import Pattern, fold


class Intent(StrEnum):
    TALKED = "talked"  # 已谈, 谈过了: a student's claim, and a mentor's word for /done
    NOT_YET = "not_yet"  # 还没谈, 明天谈, 老师没空
    AGREE = "agree"  # 属实; where a talk is to be judged also 是的, 谈过了
    DENY = "deny"  # 不属实; where a talk is to be judged also 不对, 没有谈
    WRONG_DAY = "wrong_day"  # 日期不对
    CANNOT_REACH = "cannot_reach"  # 约不上老师
    NO_FORM = "no_form"  # 没拿到表
    FORM_HANDED_IN = "form_handed_in"  # 已交 (refused, R39)
    UNDO = "undo"  # 撤销
    COMMAND = "command"  # 帮助, 进度 …
    WRITE_FOR_ME = "write_for_me"  # 帮我写意见 (refused, policy § 5.6)
    BACKDATE = "backdate"  # 日期帮我改成上个月 (refused, policy § 5.6)
    DATE_ONLY = "date_only"  # 9.15
    QUESTION = "question"  # 谈了吗
    UNCLEAR = "unclear"


class Expects(StrEnum):
    """What the bot waits for from this speaker, where that changes what the same words mean."""

    NAMES = "names"  # a mentor may speak of students: 李明谈过了
    VERDICT = "verdict"  # whether a recorded talk took place: 谈过了 agrees, 没谈 denies
    DAY = "day"  # on which day: 昨天谈的 is only a date


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """``day``, ``day_doubt``, ``day_problem`` are those of ``DayRead``.

    ``names_text``: whom a claim is about, folded, for ``names.find_each``. If it isn't empty,
    record nothing before that has found exactly one person per name. ``everyone``: 都, 两位.
    ``command``: the Latin name, for COMMAND and UNDO.
    """

    intent: Intent
    day: date | None = None
    day_doubt: tuple[date, ...] = ()
    day_problem: Problem = "none"
    names_text: str = ""
    everyone: bool = False
    command: str | None = None


LONGEST = 120  # characters: what is longer is a letter, not an answer

_COMMANDS = {
    "帮助": "help",
    "进度": "status",
    "登记表": "forms",
    "分配": "assign",
    "介绍": "intro",
    "计划": "plan",
    "导出": "export",
    "指南": "guide",
    "我的数据": "mydata",
}
# Emoji are dropped, but not those that say no, ask or joke.
_EMOJI = Pattern(
    r"(?![❌❎✖✗✘🚫🙅🤔🙃😏🙄🐶🤡👎])[\u2190-\u21ff\u2600-\u2bff\U0001f000-\U0001faff]"
)
_QUOTES = Pattern(r"[“”\"「」『』‘’'`]")

_UNDO = Pattern(r"(?:撤[销消回]|取消|undo)(?:一下|刚才的?|上一步|吧|了)*|我?[点按弄搞填]错了")
_WRITE = Pattern(
    r"(?:[帮替代给]|能不能|可以)我?.{0,6}(?:写|生成|拟|起草|编).{0,8}(?:意见|评语|鉴定|材料|志愿书)|代写"
    r"|写[一1]?[份个段篇].{0,6}(?:意见|评语|鉴定)"
)
_BACKDATE = Pattern(
    r"(?:日期|时间).{0,6}[改写填调登往].{0,6}(?:上个?月|\d+月份?$|以前|之前|早|提前|往前)|倒[填签]|补签日期"
    r"|往前[改写填调]|[改写填]成上个?月|[改写填]早"
)
_WRONG_DAY = Pattern(r"(?:谈话)?(?:日期|时间|日子)(?:不对|不是|错了|有误|写错了|填错了)[^?吗]*")
_QUESTION = Pattern(
    r"\?|[吗嘛]|(?<![这那什])么[呀啊]?$|怎么|如何|什么|啥|何时|哪|几号|谁|多久|是不是|是否|有没有|要不要|能不能|可不可以"
    r"|([谈聊])没\1|[了过完好](?:没有?|木有|不|不是)[呀啊呢哦]?$|(?:谈|表|老师)呢$"
)
_NO_REACH = Pattern(
    r"约不[上到着]|找不[到着](?!时间|地方|表|登记表)|联[系络]不[上到]|打不通|失联"
    r"|(?:老师|导师|联系人|介绍人)(?:一直|都|总|也|还)*[不没]有?(?:回|理|接)"
    r"|(?:一直|都)?[不没]有?(?:回(?:我|消息|复|信|微信)|理我)"
)
_RESOLVED = Pattern(
    r"后来|现在(?!还|也|仍)|终于|[谈聊][了过]|已[经谈聊]*[谈聊]|不是|没有?[约找联]不|我(?:还|都|一直)*[没不]有?[回理]|吗"
)
_NO_FORM = Pattern(
    r"[没未](?:有)?(?:拿到|收到|领到|领|发|见到|看到|给).{0,6}表|表格?(?:我|也|都|一直)*[还尚]?[没未]有?(?:发|拿|收到|领|给|到|见)"
    r"|^(?:我)?(?:还|也)?没有?(?:登记)?表格?$"
)
_FORM = r"(?:登记表|表格?|材料)"
_GIVEN = r"(?:给[一-龥]{2,6}?)"
_HANDED = Pattern(
    rf"我?(?:把)?(?:我的)?{_FORM}?(?:我|都|也|刚)*(?:"
    rf"已经?上?(?:提交|交)(?:上去)?{_FORM}?{_GIVEN}?了?|上?(?:提交|交)(?:了|过了?|上去了|完了|{_GIVEN}了){_FORM}?|交{_FORM}了)"
)
_TANGLED = Pattern(
    r"不是[没未不]|并非|没有?(?:[约找联系络]*不)|不得不|非.{1,4}不可|谁说|不是.*[谈聊][的了]|别谈|不[用必想愿]|不需要|如果|要是|假如|若|万一|的话"
)
_VERB = r"(?:谈|聊|见|联系|沟通|约|完成|空|时间|找)"
_NOT = Pattern(
    rf"(?:没|未|尚未|不曾|木有|冇).{{0,8}}?{_VERB}|[谈聊]不[了成]|^(?:我|暂时|目前|还|都|暂)*(?:没有?|未)(?:呢|啊|哦)?$"
)
_DAYS_TO_COME = r"明[天日早晚]|后[天日]|下个?(?:周|星期|礼拜|月)"
_COMING = Pattern(
    rf"(?:{_DAYS_TO_COME}|改天|过几天|回头|待会|马上|准备|打算|计划|预计|约了|约好|约在|将|要|争取|尽[快量]|正在|会|想"
    r"|晚点|稍后|今晚|再|快|差点).{0,12}[谈聊]|(?<!现)在[谈聊](?![了过])|[谈聊]着"
)
_TRUE = Pattern(r"(?:情况)?(?:都|全部|均|全都)?属实的?")
_ALL = Pattern("都|全部|均")
_UNTRUE = Pattern(r"(?:情况)?(?:不属实|不实)的?|没这回事|没有的事")
_SAYS_YES = Pattern(r"是的?|对的?|嗯+")
_SAYS_NO = Pattern(r"不是的?|不对|否|不是这样的?")
_DENIES = Pattern(
    r"(?:我们?|确实|其实|并|还|尚|目前|暂时)*(?:没有?|未|不曾|未曾)(?:[和跟与同][一-龥]{1,4}?)?"
    r"(?:(?:面谈|谈话|交流|沟通|谈|聊)(?:过|完|成)?话?)?(?:呢|啊|哦|的)*"
)
_ENDS_IN_TALK = Pattern(r"[谈聊](?:话|一下)?$")
_AROUND_A_DATE = Pattern(r"(?:就?[是在]|谈话|日期|时间|为|那天|的|吧|呢|了)*")


def understand(
    text: str, today: date, week1: date | None = None, *, expects: Expects | None = None
) -> Utterance:
    """The intent of ``text`` and the day and people it names; who speaks is the caller's to know.

    ``TALKED`` may carry a future or doubtful day: ask or refuse, don't record.
    """
    plain = mend(_EMOJI.sub("", fold(text)))
    joined = "".join(plain.split())
    if not joined or len(joined) > LONGEST:
        return Utterance(intent=Intent.UNCLEAR)
    if fixed := _fixed_words(joined):
        return fixed
    read = read_day(plain, today, week1)
    heard = replace(
        _heard(plain, joined, read, today, expects),
        day=read.day,
        day_doubt=read.doubt,
        day_problem=read.problem,
    )
    return _as_expected(heard, read.rest, expects)


def _fixed_words(joined: str) -> Utterance | None:
    """Commands and the two requests that are always refused."""
    word = joined.strip("/.,!?~。…")
    if word in _COMMANDS:
        return Utterance(intent=Intent.COMMAND, command=_COMMANDS[word])
    if _UNDO.fullmatch(word):
        return Utterance(intent=Intent.UNDO, command="undo")
    if _WRITE.search(joined):
        return Utterance(intent=Intent.WRITE_FOR_ME)
    if _BACKDATE.search(joined):
        return Utterance(intent=Intent.BACKDATE)
    return None


def _heard(
    plain: str, joined: str, read: DayRead, today: date, expects: Expects | None
) -> Utterance:
    tangled = bool(_TANGLED.search(joined))
    if _QUOTES.search(joined):
        return Utterance(intent=Intent.UNCLEAR)
    if hurdle := None if tangled else _hurdle(joined):
        return Utterance(intent=hurdle)
    if _QUESTION.search(joined):
        return Utterance(intent=Intent.QUESTION)
    days = (*read.doubt, *((read.day,) if read.day else ()))
    to_come = any(day > today for day in days) and bool(re.search(_DAYS_TO_COME, joined))
    subjects = expects in (Expects.NAMES, Expects.VERDICT)
    claim = read_claim(read.rest, dated=bool(days), subjects=subjects)
    if claim and (not to_come or joined.startswith("已谈")):  # 已谈 明天: the day is refused
        names = "、".join(dict.fromkeys(claim.names))
        return Utterance(intent=Intent.TALKED, names_text=names, everyone=claim.everyone)
    said = clauses(read.rest)
    judged = expects is Expects.VERDICT
    if answer := _answer(said, clauses(plain, courtesy=True), judged=judged):
        return Utterance(intent=answer, everyone=_ALL.search(joined) is not None)
    if days or read.problem != "none":
        if all(_AROUND_A_DATE.fullmatch(clause) for clause in said):
            later = to_come and expects is not Expects.DAY
            return Utterance(intent=Intent.NOT_YET if later else Intent.DATE_ONLY)
        if read.day and read.day >= today and _ENDS_IN_TALK.search(joined):
            return Utterance(intent=Intent.NOT_YET)
    if not tangled and (_NOT.search(joined) or _COMING.search(joined)):
        return Utterance(intent=Intent.NOT_YET)
    return Utterance(intent=Intent.UNCLEAR)


def _hurdle(joined: str) -> Intent | None:
    """What keeps a student from talking or handing in, or the wrong day: first-class answers."""
    if _NO_REACH.search(joined) and not _RESOLVED.search(joined):
        return Intent.CANNOT_REACH
    if _NO_FORM.search(joined) and "吗" not in joined:
        return Intent.NO_FORM
    if _WRONG_DAY.fullmatch(joined):
        return Intent.WRONG_DAY
    return None


def _answer(said: list[str], everything: list[str], *, judged: bool) -> Intent | None:
    """``said``: clauses without courtesy. To a reminder 是的 would be a false yes, so it counts
    only where a talk is ``judged``.
    """
    if _every(_HANDED, said):
        return Intent.FORM_HANDED_IN
    if _every(_UNTRUE, said) or (judged and _every(_SAYS_NO, said)):
        return Intent.DENY
    assent = judged and not said and any(_SAYS_YES.fullmatch(clause) for clause in everything)
    return Intent.AGREE if assent or _every(_TRUE, said) else None


def _every(pattern: Pattern, said: list[str]) -> bool:
    return bool(said) and all(pattern.fullmatch(clause) for clause in said)


def _as_expected(heard: Utterance, rest: str, expects: Expects | None) -> Utterance:
    """The same words where the bot had asked something in particular."""
    dated = heard.day or heard.day_problem != "none"
    if expects is Expects.DAY and dated and heard.intent is Intent.TALKED:
        return replace(heard, intent=Intent.DATE_ONLY)
    if expects is Expects.VERDICT and heard.intent is Intent.TALKED:
        return replace(heard, intent=Intent.AGREE)
    if expects is Expects.VERDICT and heard.intent in (Intent.NOT_YET, Intent.UNCLEAR):
        return replace(heard, intent=Intent.DENY) if _every(_DENIES, clauses(rest)) else heard
    return heard
