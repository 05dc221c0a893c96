"""What a question is about, where the bot knows the answer: 表交给谁, 怎么约老师, 李明谈了吗."""

from __future__ import annotations

from enum import StrEnum

from bot.rules.surnames import looks_like_a_name
from bot.rules.typed import Pattern, fold


class Topic(StrEnum):
    ASKING = "asking"  # how to ask a mentor for the talk
    WRITING = "writing"  # how an opinion is written, and its check
    DUTIES = "duties"  # whose task is what, and when
    PAIRINGS = "pairings"  # who lacks a mentor, and what else falls short
    BRANCHES = "branches"  # which branches are paired with ours (R8)
    PROGRESS = "progress"  # deadlines, the own state, who is still missing
    CHANGE = "change"  # another mentor
    CONTACT = "contact"  # a telephone number, an address
    USE = "use"  # what can be done here
    OTHERS = "others"  # somebody else's talk or form


_TOPICS = (
    (Topic.CHANGE, Pattern(r"(?<!已)换掉?[了个一位]*(?:老师|导师|联系人|介绍人)")),
    (Topic.CONTACT, Pattern(r"电话|手机|微信|qq|邮箱|联系方式|办公室在")),
    (
        Topic.PAIRINGS,
        Pattern(
            r"结对情况|(?:谁|哪些人|哪些同学)(?:还|都)?(?:没有?|缺)(?:培养|入党)?(?:联系人|介绍人|导师)"
        ),
    ),
    (Topic.BRANCHES, Pattern(r"对接.{0,6}支部|支部.{0,4}对接|对接关系")),
    (
        Topic.ASKING,
        Pattern(
            r"(?:怎么|如何|怎样)(?:样|去|和|跟|向|与)*(?:老师|联系人|介绍人)?(?:约|开口|联系|说)"
        ),
    ),
    (
        Topic.WRITING,
        Pattern(
            r"检查意见|例文|范文|意见.{0,4}(?:怎么|如何|怎样)|(?:怎么|如何|怎样)(?:写|填).{0,8}意见"
        ),
    ),
    (
        Topic.DUTIES,
        Pattern(
            r"职责|任务是|(?:该|要|需要)(?:做|干)(?:些|点)?(?:什么|啥)|"
            r"(?:谈|聊)(?:些?什么|哪些)|要谈几次|意见.{0,4}(?:写什么|写哪些)"
        ),
    ),
    (
        Topic.PROGRESS,
        Pattern(
            r"(?:什么时候|何时|几号|哪天|截止|期限|最迟).{0,8}(?:交|谈|表)|(?:交表?|谈话?|表).{0,6}(?:什么时候|何时|几号|哪天|截止|期限)"
            r"|交给谁|谁(?:还|都)?没(?:有)?(?:谈|交)|(?:未谈|没谈|[未没]交表?|逾期|未开通)(?:的|人员)*名单|还(?:差|缺)(?:谁|什么|哪些)"
        ),
    ),
    (
        Topic.USE,
        Pattern(r"^[?]+$|(?:怎么|如何|怎样)(?:使?用|操作)|能(?:做|干)(?:些|点)?(?:什么|啥)"),
    ),
)
_SOMEBODY = Pattern(
    r"(?:请问)?(?P<who>[一-龥]{2,4}?)(?:同学|同志)?(?:已经|有没有|是不是)?(?:谈话?|交表?)(?:了|过|完)*(?:没有|没|吗)[?了]*"
)


def topic(text: str) -> Topic | None:
    """Return what is asked about, or None: it is for people to answer, or is no question.

    Somebody else's name is known by its look alone: an answer that differed by roster would tell
    who is on it.
    """
    joined = "".join(fold(text).split())
    found = _SOMEBODY.fullmatch(joined)
    if found and looks_like_a_name(found["who"]):
        return Topic.OTHERS
    return next((topic for topic, asked in _TOPICS if asked.search(joined)), None)
