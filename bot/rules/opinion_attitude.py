"""What the writer says of the person and of themselves: K4a, K4b of policy § 6.2.

An honest no must never be read as a yes: where both are found, no wins, unless it tells of the past.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from bot.rules.opinion_text import CLAUSE_END, CLAUSE_START, GAP, IN_CLAUSE, cue

Stance = Literal["yes", "no"]

_END = f"(?=$|[{CLAUSE_END}])"
_MEMBER = r"""(?:
    入党|共产党员|党员|加入(?:中国共产党|党组织|党|共产党)|党章(?:所)?规定|发展对象转为|接收为
)"""
_CONDITIONS = f"{_MEMBER}{GAP}(?:条件|标准|要求|资格)"
_MEETS = cue(
    rf"""
    (?:具备|具有(?=了?{IN_CLAUSE}{{0,6}}条件)|符合|达到|满足|合乎|够得?上|够){GAP}{_CONDITIONS}
    | (?:入党|党员|发展){GAP}条件{IN_CLAUSE}{{0,4}}(?:具备|成熟|符合|达到)
    """
)
_FALLS_SHORT = cue(
    rf"""
    (?:达不到|够不上|够不到|不够|不具备|不符合){GAP}{_CONDITIONS}
    | (?:不宜|不应|不能|不建议|不主张|不赞成|不同意|暂缓|推迟|延缓|不适合)
        (?:将|把|其|他|她|该同志|现在|马上|立即|党组织|支部)*
        (?:入党|加入(?:中国共产)?党|接收|吸收|发展(?!为)|发展为|列为)
    | (?:入党|发展|接收)…(?:为时尚早|为时过早|时机…不成熟|还早)
    """
)
_FAR_FROM = cue(
    rf"""
    (?:距离?|离|与|同|和|较|比|对照|对标)…(?:标准|条件|要求){IN_CLAUSE}{{0,10}}
        (?:差距|距离|还差|相差|尚差|差一)
    | [用按以](?:照)?…标准{IN_CLAUSE}{{0,4}}衡量,?(?:该同志|其|他|她)?(?:还|仍|尚)?(?:有|存在)…差距
    """
)
_MODEL_MEMBER = cue("优秀|先锋|模范|榜样|更高|先进|高标准|楷模")  # short of that is no no
_NOT = cue(
    r"""
    不(?![断仅但懈光怕畏论管少辞愧久同只迟]|可否认|容置疑) | 未(?![来免])
    | 没有?(?!问题|[^。;,!?]{0,4}(?:不足|缺点)) | 无法|难以|难说|谈不上|算不上|称不上|尚无|并非
    """
)
_ASKED = cue("是否|能否|可否|愿不愿意?|会不会")
_OPEN = cue(  # asked, hoped for or conditional: no statement
    r"""
    是否|能否|有没有|可否|不知 | (?:如|若|待|等到?|一旦|只有|除非|直到|倘|假如|要是)(?!实)
    | (?:努力|以|用|按|按照|向|朝着|为)(?:早日|尽快|尽早)?$ | 希望|以期|争取|力争|早日
    """
)
_AFTERWARDS = cue(r"(?:之后|以后|后|时|之时|的?话)(?:$|[,再我])")
_PAST = cue("曾|原先|原来|去年|当时|此前|起初|过去|以前|一度|入学时|当初|早先|刚[入进开]|上次")

_WHOM = "(?:其|他|她|[^。;,!?向]{1,8}?(?:同志|同学)|该生|[^。;,!?]{0,4})"
_INTO_THE_PARTY = rf"""
    (?:介绍|推荐){_WHOM}(?:入党|加入(?:中国共产党|党组织|共产党|党))
    (?!的?(?:流程|经验|知识|程序|条件|动机|过程|申请))
"""
_INTRODUCER = r"""
    (?<!向)(?<!向入党)(?<!在入党)介绍人
    (?!的?(?:教育|指导|帮助|意见|要求|期望|培养|监督|评价|看法|汇报|说法|判断))
"""
_BE = "(?:担任|担当|作为|成为|充当|承担|履行|做|作|当|任)"
# A pupil is willing too: 愿意向入党介绍人汇报, 愿意接受介绍人的教育.
_BY_THE_WRITER = rf"""(?:
    (?!接受|听取|听从|请|找|跟着|配合|服从|遵照|根据|在(?:入党|两位|第.|王)?{IN_CLAUSE}{{0,6}}指导
    |向(?!党|组织|支部)){IN_CLAUSE}
){{0,12}}"""
_TO_BE_IT = f"{_BY_THE_WRITER}(?:{_BE}{_BY_THE_WRITER})?{_INTRODUCER}"
_MYSELF = "(?:继续|由我|由本人|本人|地|共同|来|能)*"
_WILLING = cue(
    rf"""
    (?:(?<!志)愿(?!望|景|书|者)|乐意|乐于|情愿|甘当)意?(?:{_TO_BE_IT}|{_BY_THE_WRITER}{_INTO_THE_PARTY})
    | (?:同意|可以|能够|接受|很?高兴|很?荣幸|欣然|决定|有意|有意愿|有信心){_MYSELF}
        (?:{_BE}{_BY_THE_WRITER}{_INTRODUCER} | {_INTO_THE_PARTY})
    | 介绍人{IN_CLAUSE}{{0,6}},?(?:我|本人){IN_CLAUSE}{{0,4}}(?:愿意|乐意|同意)
        (?:担任|承担|履行|做|当)?{_END}
    | {CLAUSE_START}(?:因此|故|综上|为此|,)?(?:我|本人|由我|由本人|现|特|兹)
        (?:郑重地?|正式|特|现|在此|特此|负责地?)*
        (?:{_INTO_THE_PARTY} | {_BE}{_BY_THE_WRITER}{_INTRODUCER}{_END})
    | 愿意?为(?:其|他|她|该同志)(?:作|做)?介绍{_END}
    """
)
_REFUSES = r"""(?:
    不愿意?|不同意|不便|不宜|暂不|暂缓|婉拒|谢绝|拒绝|不想|不打算|不适合|不考虑|不准备|没有意愿|无意
    |不合适|不(?:太|大|甚|是很)愿意?|不太想|不太适合|不太?方便|不情愿|不乐意|难以|无法|不能|不再|不会
    |未能|不敢|不应|不接受|推辞|辞去|不可以
)"""
_UNWILLING = cue(
    rf"""
    {_REFUSES}(?:{_TO_BE_IT}|{_BY_THE_WRITER}{_INTO_THE_PARTY})
    | (?:不愿意?|不便|不宜|暂不|暂缓|不同意|不想|无法|不能){IN_CLAUSE}{{0,4}}
        (?:介绍|推荐)(?:其|他|她|该同志)?{_END}
    | 介绍人{IN_CLAUSE}{{0,4}},?{IN_CLAUSE}{{0,6}}(?:有|持)保留
    | 介绍人{IN_CLAUSE}{{0,4}},?{IN_CLAUSE}{{0,6}}
        (?:不合适|不妥|不便|有顾虑|不愿意?|暂不(?:担任|考虑)|不同意|不能担任){_END}
    """
)
_HARDLY = cue(r"(?:不|没有?|未|难以|无)(?:太|大|是很|十分|怎么|是|再|能)?$")


def meets_conditions(text: str) -> Stance | None:
    """K4a: whether the text says that the conditions for admission are met; None if it says neither."""
    stances = set(_statements(text))
    return "no" if "no" in stances else ("yes" if stances else None)


def _statements(text: str) -> Iterator[Stance]:
    last_yes = -1
    for found in _MEETS.finditer(text):
        before, after = _around(text, found)
        if _NOT.search(before[-14:] + found.group()) and not _ASKED.search(before):
            if not _PAST.search(before):
                yield "no"
        elif not (_OPEN.search(before) or _AFTERWARDS.match(after)):
            last_yes = found.start()
            yield "yes"
    if any(not _PAST.search(_around(text, found)[0]) for found in _FALLS_SHORT.finditer(text)):
        yield "no"
    for found in _FAR_FROM.finditer(text):
        # 虽离党员标准还有差距，但已具备入党条件 ends in a yes.
        if not _MODEL_MEMBER.search(found.group()) and found.start() > last_yes:
            yield "no"


def is_willing(text: str) -> Stance | None:
    """K4b: whether the writer is willing to introduce; None if the text says neither."""
    if any(not _PAST.search(_around(text, found)[0]) for found in _UNWILLING.finditer(text)):
        return "no"
    for found in _WILLING.finditer(text):
        before, _ = _around(text, found)
        if not (_ASKED.search(before[-6:]) or _ASKED.search(found.group())):
            return "no" if _HARDLY.search(before) else "yes"
    return None


def _around(text: str, found: re.Match[str]) -> tuple[str, str]:
    """What stands before a match in its clause, and after it in its sentence."""
    before = re.split(f"[{CLAUSE_END}]", text[: found.start()])[-1]
    after = re.split("[。;!?]", text[found.end() :], maxsplit=1)[0]
    return before, after
