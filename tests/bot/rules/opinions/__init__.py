"""Opinions and sentences of opinions, with what the checklist has to find in them."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent

# The college's own models, as they stand in its working document: heading, blanks and all.
SAMPLE_1 = """入党介绍人意见
xxx同志在思想上政治上行动上能够同党中央保持一致，坚持四项基本原则，执行党的路线、方针、政策，入党动机端正，\
工作积极，有较强的工作能力，在工作和学习中较好地发挥了先锋模范作用。为人正直，襟怀坦白，有较强的组织纪律性，\
有为党的历史任务奋斗终身的决心。不足之处是有时工作方法比较简单。
用党章规定的标准全面衡量，我认为xxx同志已基本符合共产党员的条件，我愿意作为其介绍人介绍其加入中国共产党。
"""
SAMPLE_2 = """入党介绍人意见

我同意介绍人xxx同志的意见。xxx同志对党的认识正确，入党动机和对入党的态度端正。能自觉用党员的标准来要求自己，\
正确处理集体利益和个人利益的关系，有较强的吃苦精神和工作责任心，完成工作任务出色，较好地发挥了先锋模范作用。\
缺点是有时在处理问题时，脾气过于急躁。
    根据其现实表现，我认为xxx同志已具备入党条件，我愿意担任其入党介绍人，介绍其加入中国共产党。
"""

# “B” of policy § 6.3 and the closing that nearly everybody writes.
EXAMPLE = (
    "该同志政治立场坚定，入党动机端正，按时递交思想汇报，能结合师范生职责谈对党的宗旨的理解；"
    "学习成绩位居专业前列，担任学习委员期间组织了十二次早读，工作细致；"
    "遵守纪律，团结同学，民主测评优秀率高。"
    "不足之处是公开场合发言主动性不强，今后要多参加理论宣讲。"
)
CLOSING = "我认为该同志已具备入党条件，我愿意担任其入党介绍人，介绍其加入中国共产党。"


def examples(name: str) -> list[tuple[str, str]]:
    """Every line of a file with the heading of its section: a heading stands after a blank line."""
    found = []
    heading = previous = ""
    for line in (_HERE / f"{name}.txt").read_text("utf-8").splitlines():
        if line and not previous:
            heading = line
        elif line:
            found.append((heading, line))
        previous = line
    return found
