"""The name of whom an opinion is about says nothing: 许若彤 sets no condition, 张不凡 denies nothing."""

from __future__ import annotations

import re

from bot.rules.opinion_text import CLAUSE_START
from bot.rules.typed import fold

_CALLED = re.compile(rf"(?:{CLAUSE_START}|(?<=认为))([一-龥]{{2,4}})(?=同志|同学)")
_NO_NAME = re.compile("该|认为|觉得|我|本人|同意|介绍|[他她其]$")


def without_names(text: str, student: str | None = None) -> str:
    """A prepared text of the same length with 该 for the name, the student's own or one that is called twice.

    Twice, so that 若李明同志… is no person called 若李明.
    """
    names = {found for found in _CALLED.findall(text) if text.count(found) > 1}
    names = {name for name in names if not _NO_NAME.search(name)}
    if student:
        names.add("".join(fold(student).split()))
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "该" * len(name))
    return text
