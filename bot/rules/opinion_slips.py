"""What was forgotten in the text: K9 a placeholder, K10 another person's name."""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.rules.opinion_text import cue
from bot.rules.typed import fold

_PLACEHOLDER = cue(r"""
    (?<![a-z])[x×*]{2,}(?![a-wyz]) | (?<![a-z])[x×](?=同志|同学|老师|年|月|日) | _{2,}
    | [○◯●□△▲]{2,} | 〇{2,}(?=同志|同学) | [○◯□△](?=同志|同学)
    | 某某 | [一-龥]?某(?=同志|同学|老师)
    | 【[^】]{0,40}】? | {[^}]{0,40}}
    | [(\[<〔](?:学生|被介绍人|该同志|介绍人|发展对象|你的?|此处)?(?:填写|填|写)?
      (?:姓名|名字|日期|时间|班级|职务|职位|支部名称|支部|具体[^)\]>]{0,8})[)\]>〕]
    | [(\[](?:此处|请|待|这里)[^)\]]{0,12}(?:填|补充|写)[^)\]]{0,12}[)\]]
    | (?<![纸主一二两每几慌紧扩夸伸嚣])张三(?!丰|百|千|万)  # 两张三百字的便条
    | (?<![行一二两])李四(?!光(?!荣))  # 李四光
    | (?<![国大])王五 | 赵六
""")
_THIS_PERSON = re.compile("该(?:同志|同学|生)")


def placeholder(text: str) -> str | None:
    """The first placeholder that was left."""
    found = _PLACEHOLDER.search(text)
    return found.group() if found else None


def other_person(text: str, student: str, others: Collection[str]) -> bool:
    """Whether another's name stands there, or neither the student's own nor 该同志."""
    own, *rest = ("".join(fold(name).split()) for name in (student, *others))
    names = sorted({own, *rest} - {""}, key=len, reverse=True)  # 李明明 is no 李明
    said = set(re.findall("|".join(map(re.escape, names)), text))
    if said - {own}:
        return True
    return own not in said and _THIS_PERSON.search(text) is None
