"""One face for what people type: full-width and traditional characters made plain."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cached_property

# Only characters of the words that the rules read. A whole conversion table would be a dependency
# and would still be wrong for names; both sides of a comparison of names are folded alike.
_TRADITIONAL = (
    "談還沒過經們說問題話時間準備劃將請導師實屬對錯數據與給見後週禮號點兩個這會約聯繫"
    "絡發寫幫撤銷進記助謝嗎麼麽裡幾剛電當辦學線難無誰讓現開歲內別總結畢溝視頻員張劉陳"
    "楊趙黃吳孫馬羅鄭韓馮許鄧蕭葉蘇呂盧賈鍾譚陸範鄒賴龍萬錢湯閻倫龔單長慶"
)
_SIMPLIFIED = (
    "谈还没过经们说问题话时间准备划将请导师实属对错数据与给见后周礼号点两个这会约联系"
    "络发写帮撤销进记助谢吗么么里几刚电当办学线难无谁让现开岁内别总结毕沟视频员张刘陈"
    "杨赵黄吴孙马罗郑韩冯许邓萧叶苏吕卢贾钟谭陆范邹赖龙万钱汤阎伦龚单长庆"
)
_PLAIN = str.maketrans(
    {
        **dict(zip(_TRADITIONAL, _SIMPLIFIED, strict=True)),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("❓❔", "?"),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\ufe0f"),  # invisible, and inside emoji
    }
)


def fold(text: str) -> str:
    """``text`` in NFKC, lower case, our words simplified; inner spaces stay (2026/12/1 15:30)."""
    return unicodedata.normalize("NFKC", text).translate(_PLAIN).lower().strip()


def says_something(text: str) -> bool:
    """Whether there is a letter, a digit or a Chinese character in it: 。。 and a picture say nothing."""
    return any(character.isalnum() for character in fold(text))


class Pattern:
    """A regular expression that is compiled when it is first asked, not when the bot starts.

    The grammar's patterns take 90 ms to compile; commands that read no typed words never pay it.
    """

    def __init__(self, written: str) -> None:
        self._written = written

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._written)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return self._compiled.fullmatch(text)

    def search(self, text: str, start: int = 0) -> re.Match[str] | None:
        return self._compiled.search(text, start)

    def match(self, text: str, start: int = 0) -> re.Match[str] | None:
        return self._compiled.match(text, start)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self._compiled.finditer(text)

    def sub(self, by: str | Callable[[re.Match[str]], str], text: str) -> str:
        return self._compiled.sub(by, text)
