"""How Chinese names are spelt in pinyin."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product

from bot.rules.surnames import surname
from bot.rules.typed import fold

# Where the ordinary reading of the character is not the surname's (engineering § 2).
_SURNAME_READINGS = dict(
    re.findall(
        r"(.)([a-z]+) ?",
        "单shan 曾zeng 仇qiu 查zha 区ou 解xie 朴piao 盖ge 乐yue "
        "翟zhai 员yun 缪miao 覃qin 任ren 华hua 那na 种chong 繁po "
        "召shao 车che 尉yu 俟qi 万mo 秘bi 折she",
    )
)


@lru_cache(maxsize=4096)
def _readings(name: str) -> tuple[tuple[str, ...], ...]:
    """Per character its toneless readings; 吕 as lv, lu and lyu; a surname's own reading added."""
    from pypinyin import Style, pinyin  # 0.2 s and 25 MB: only when somebody types a name

    readings: list[tuple[str, ...]] = []
    for place, options in enumerate(pinyin(name, Style.NORMAL, heteronym=len(name) < 5)):
        found = dict.fromkeys(options)
        if place < 2 and (own := _SURNAME_READINGS.get(name[place : place + 1])):
            found[own] = None
        readings.append(
            tuple(dict.fromkeys(s.replace("v", u) for s in found for u in ("v", "u", "yu")))
        )
    return tuple(readings)


@lru_cache(maxsize=4096)
def spellings(name: str) -> frozenset[str]:
    """Every pinyin spelling of a name, with all readings of its characters; Latin stays itself."""
    return frozenset("".join(parts) for parts in product(*_readings(name)))


@lru_cache(maxsize=4096)
def initials(name: str) -> frozenset[str]:
    """Every way to shorten a name to its letters, with all readings; empty for a single character."""
    letters = [dict.fromkeys(reading[0] for reading in options) for options in _readings(name)]
    return (
        frozenset("".join(parts) for parts in product(*letters))
        if len(letters) > 1
        else frozenset()
    )


@lru_cache(maxsize=4096)
def letter(name: str) -> str:
    """The letter under which a name stands in a list: z of 张三, s of 单田; itself where it has none."""
    from pypinyin import lazy_pinyin

    first = fold(name)[:1]
    return (_SURNAME_READINGS.get(first) or "".join(lazy_pinyin(first)))[:1]


def stands_under(name: str, typed: str) -> bool:
    """Whether ``typed`` (folded) is the surname, its beginning, or the beginning of its pinyin."""
    family = surname(fold(name))
    return bool(typed) and (
        family.startswith(typed) or any(one.startswith(typed) for one in spellings(family))
    )
