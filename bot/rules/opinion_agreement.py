"""K5: the clauses in which a second introducer agrees with the first (R55, A4)."""

from __future__ import annotations

from bot.rules.opinion_text import CLAUSE_END, CLAUSE_START, IN_CLAUSE, cue

_VIEW = "(?:介绍意见|意见|看法|评价|观点|判断|结论|推荐)"
_AGREES = "(?:同意|赞同|认同|赞成|附议|认可|支持)"
_NOT_BEFORE = (
    "(?<![不未])(?<!不能)(?<!不完全)(?<!不太)(?<!不能完全)(?<!简单地)(?<!并不)(?<!难以)(?<!不敢)"
)
# 同意担任…介绍人 and 同意其入党 agree to something else.
_OTHER_DEED = "(?:担任|作为其|作为他|作为她|做|作其|当|其|他|她|该|介绍|接收|发展|吸收|批准|提出|如下|发表|填写)"
_WELL = "(?:我|本人|也|亦|均|都|完全|基本|基本上|原则上|总体上?|非常|十分|表示|一致|经研究)"
_OTHER_ONE = "(?:同志|老师|教授|书记|另一位|另一名|前一位|上述|以上|前述|第一位|对方|前面)"
_PEERS = "(?:同学|学|班|大家|小组|群众|他人|组员|团队|队友|室友|家长)"
_NOBODY = "(?!该|其|他|她|支部|党|学院|大家|组织|发展|接收|吸收)"
_END = f"(?=$|[{CLAUSE_END}])"
_NO_OBJECTION = "(?:没有|无)(?:任何)?(?:异议|不同意见|其他意见|补充意见|补充|意见)"

_AGREEMENT = cue(
    rf"""
    # 我同意介绍人王芳同志的意见
    {_WELL}*{_NOT_BEFORE}{_AGREES}(?:(?!担任|提出|如下|发表|填写){IN_CLAUSE}){{0,14}}介绍人
        (?:(?!提出|如下|发表|填写){IN_CLAUSE}){{0,12}}(?:{_VIEW}|的介绍|所述|所说|所写)
    # 同第一介绍人意见
    | (?<![不共陪会协一相])同(?:(?!{_PEERS}|意){IN_CLAUSE}){{0,8}}介绍人{IN_CLAUSE}{{0,6}}
        (?:{_VIEW}|所述|所写)(?:一致|相同|一样)?
    | {CLAUSE_START}同第?[一另]?[位一]?(?:入党)?介绍人{_END}
    # 与第一介绍人意见一致
    | (?:我|本人)?(?:的?意见)?[与和同跟](?:(?!不|{_PEERS}){IN_CLAUSE}){{0,16}}{_VIEW}
        (?:(?!不|分歧){IN_CLAUSE}){{0,5}}(?:一致|相同|一样|无异|吻合)
    # 意见与第一介绍人相同
    | {CLAUSE_START}(?:我的|本人)?{_VIEW}{_WELL}*[与和同跟](?:(?!不){IN_CLAUSE}){{0,8}}介绍人
        {_WELL}*(?:一致|相同|一样)
    # 对第一介绍人的意见无异议; 第一介绍人的意见我同意; 介绍人王芳的评价客观, 我赞同
    | (?:对于?)?{IN_CLAUSE}{{0,12}}介绍人(?:(?!提出|如下){IN_CLAUSE}){{0,12}}
        (?:{_VIEW}|的?介绍|所述|所写(?:内容)?)
        (?:,?(?:(?!不){IN_CLAUSE}){{0,6}}{_AGREES}(?!{_OTHER_DEED})
        | (?:(?!不){IN_CLAUSE}){{0,10}},(?:我|本人){_WELL}*{_AGREES}(?!{_OTHER_DEED})
        | ,?{IN_CLAUSE}{{0,4}}{_NO_OBJECTION})
    # 王老师的意见我完全赞同; 对王芳同志的意见表示同意; 以上意见我赞同
    | {CLAUSE_START}{_WELL}*(?:对于?)?{_NOBODY}{IN_CLAUSE}{{0,6}}{_OTHER_ONE}的?{_VIEW},?
        (?:{_WELL}*{_AGREES}(?!{_OTHER_DEED}) | {IN_CLAUSE}{{0,4}}{_NO_OBJECTION})
    # 同意王老师对该同志的评价; 同意王芳的意见
    | {CLAUSE_START}{_WELL}*{_AGREES}{_NOBODY}{IN_CLAUSE}{{0,10}}{_OTHER_ONE}{IN_CLAUSE}{{0,12}}
        {_VIEW}
    | {CLAUSE_START}{_WELL}*{_AGREES}{_NOBODY}[一-龥]{{2,6}}的?{_VIEW}{_END}
    # 同上; 意见一致
    | {CLAUSE_START}(?:我的|本人)?(?:意见|评价|看法|情况|内容|其他|其余)?(?:均|皆|也|都)?
        同[上前](?:述?意见|面意见|所述)?{_END}
    | {CLAUSE_START}(?:意见|看法|评价|观点)(?:完全|基本)?(?:一致|相同){_END}
    | ^(?:我|本人)?(?:完全)?同意[。!]?$
    """
)


def without_agreement(text: str) -> tuple[str, bool]:
    """``text`` without its agreeing clauses, and whether it had one."""
    rest = _AGREEMENT.sub("", text)
    return rest, rest != text
