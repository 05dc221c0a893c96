"""What a Chinese name looks like: surnames, and the titles that stand behind them."""

from __future__ import annotations

import re
from functools import lru_cache

TITLES = ("老师", "同学", "同志", "教授", "书记", "主任", "院长", "导师", "师兄", "师姐")
_COMPOUND = frozenset(
    re.findall(
        "..",
        "欧阳上官司马诸葛东方皇甫尉迟公孙令狐司徒夏侯长孙慕容宇文"
        "端木独孤南宫轩辕钟离闻人百里呼延万俟拓跋完颜",
    )
)
_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛"
    "奚范彭郎鲁韦昌马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤殷罗毕郝邬安常乐于傅皮卞齐康伍余元"
    "顾孟黄穆萧肖尹姚邵汪祁毛禹狄米贝明臧戴宋庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路江童颜郭梅"
    "盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房裘缪解应宗丁邓郁单杭洪包诸左石崔吉龚程邢裴"
    "陆荣翁羊甄曲封储靳段富巫乌焦巴牧山谷车侯秋仲伊宫宁仇栾甘厉祖武符刘景詹束龙叶幸司黎薄白蒲"
    "鄂索赖卓蔺屠蒙池乔胥闻党翟谭贡姬申冉宰郦桑桂牛边燕冀浦尚农温庄晏柴瞿阎慕连茹习艾容向古易"
    "戈廖庾居衡步耿匡国文寇广东欧沃利越巩聂晁勾敖冷辛那简饶曾沙养鞠须丰关查荆红游竺权盖益桓"
    "公付代仝仉冼覃区朴褟佟曲岳帅缑亢况郏揭佘宓逯蹇修展鹿海苑楚樱苟岚邸蔚滕纳麦计"
)


def surname(name: str) -> str:
    """欧阳 of 欧阳娜娜, 王 of 王芳 and of 王."""
    return name[:2] if name[:2] in _COMPOUND else name[:1]


def is_surname(text: str) -> bool:
    """Whether folded ``text`` is a usual surname and nothing else."""
    return text in _COMPOUND or text in _SURNAMES


@lru_cache(maxsize=4096)
def untitled(text: str) -> str:
    """王 of 王老师; 老师 itself stays."""
    for title in TITLES:
        if text.endswith(title) and text != title:
            return text.removesuffix(title)
    return text


def looks_like_a_name(text: str) -> bool:
    """Whether folded ``text`` may name somebody: 李明, 欧阳娜娜, 小李, 王老师.

    Says no to a rare surname, so that 一半 and 假的 are no names.
    """
    bare = untitled(text)
    if not re.fullmatch(r"[一-龥]{1,4}", bare):
        return False
    if bare[0] in "小老" and len(bare) == 2:
        return bare[1] in _SURNAMES
    family = surname(bare)
    given = len(bare) - len(family)
    return (family in _COMPOUND or family in _SURNAMES) and (
        given in (1, 2) or (given == 0 and bare != text)
    )
