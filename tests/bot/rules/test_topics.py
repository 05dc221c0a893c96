"""What a plain question is about; what is no question of ours has no topic."""

from __future__ import annotations

import pytest

from bot.rules.topics import Topic, topic

ABOUT = {
    Topic.ASKING: "怎么约老师 怎么开口 如何跟老师说 怎么联系老师 怎样约？",
    Topic.WRITING: "检查意见 意见怎么写 怎么写介绍人意见？ 有例文吗 有没有范文",
    Topic.DUTIES: "联系人的职责是什么 谈些什么 这学期要谈几次？ 考察意见写什么 我该做什么 现在要做些什么？",
    Topic.PAIRINGS: "结对情况 谁还没有联系人？ 哪些同学缺入党介绍人 谁没导师",
    Topic.BRANCHES: "对接支部 我们对接哪个支部 对接哪些学生支部 对接支部是哪个？ 我们支部跟谁对接 对接关系",
    Topic.PROGRESS: "什么时候交表 表交给谁 交表截止到哪天 几号之前谈话 谁还没谈 谁没交表 未谈名单 还差谁的表 还缺什么"
    " 逾期名单 未交表名单",
    Topic.CHANGE: "换老师 我想换老师 能换个联系人吗 换一位导师",
    Topic.CONTACT: "老师电话多少 有周老师微信吗 联系方式？ 老师的邮箱",
    Topic.USE: "？ ?? 怎么用 这个怎么操作？ 你能做什么",
    Topic.OTHERS: "李明谈了吗 王小雨谈了没 李明同学交了没有 赵一交表了吗？ 请问李明谈过没有",
}


@pytest.mark.parametrize(
    ("asked", "text"), [(asked, text) for asked, texts in ABOUT.items() for text in texts.split()]
)
def test_question_is_understood(asked: Topic, text: str) -> None:
    assert topic(text) is asked


@pytest.mark.parametrize(
    "text",
    [
        *("谈了吗", "谈了没", "已经谈了吗？", "我谈了吗", "老师谈了吗", "你谈了没", "今天谈了吗"),
        *(
            "已谈",
            "昨天谈了",
            "还没谈",
            "李明谈了",
            "预备期多久？",
            "可以视频谈吗？",
            "谢谢",
            "",
            "。",
        ),
    ],
)
def test_other_words_have_no_topic(text: str) -> None:
    assert topic(text) is None
