"""What people type, and what it means. Half of the table is there to tempt a careless reader into a yes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.utterance import LONGEST, Expects, Intent, understand

TODAY = date(2026, 9, 25)  # a Friday, in week 3
WEEK1 = date(2026, 9, 7)

# An underscore is a space inside an utterance.
TABLE = """
talked: 已谈 谈过了 谈完了 谈了 聊了 聊过了 谈过 谈完 谈好了 谈话了 谈过话了 已谈话 已经谈了 已经谈过话了
    我已经谈过了 刚谈完 终于谈了 昨天谈了 9月15日谈的 是昨天谈的 昨天下午谈的 上周三谈过了 第三周周二谈了
    9.22下午三点在办公室谈的 已谈9月15日 已谈（9月15日） 和老师谈过了 已经和王老师谈了 我和王老师已经谈过话了
    我跟导师聊过了 和培养联系人谈过了 刚刚和老师谈完了 昨天和老师聊了聊 王老师已经找我谈过话了 老师找我谈过了
    已跟张老师谈话 已经跟张老师谈话了 两位老师都谈过了 和两位老师都谈过了 都谈了 我俩谈过了 谈了一次 谈了1次
    谈了一次话 谈了两个小时 谈了半小时 谈了三个多小时 谈了五分钟 谈话已完成 已完成谈话 完成谈话了 面谈过了
    已面谈 当面谈过了 微信上谈过了 电话谈了 在食堂谈了 沟通过了 谈了谈 老师好，已经谈过了，谢谢
    老师您好，我昨天已经和您谈过了 嗯，谈过了 是的，谈过了 好的已经谈了 已谈，谢谢老师 谢谢老师，已谈
    王老师，谈过了 已谈👍 已谈✅ 已谈！ 已谈。 谈了。。。 已谈~ 已谈哈哈 谈过了哈 Done! ／done 已談 談過了
    已經談過話了 昨天談了 己谈 以谈 已淡 巳谈 谈锅了 己经谈了 已经淡过了 谈玩了 已_谈 已谈_9月15日 已谈_张老师
    已谈_张三_李四_9.22 已谈_谢谢
not_yet: 还没谈 没谈 明天谈 未完成 老师没空谈 准备谈 打算下周谈 约了明天谈 還沒談 还没有谈 没有谈 未谈 尚未谈
    没谈过 没谈成 还没 没有 还没呢 还没谈完 谈不了 下周再谈 改天谈 马上谈 正在谈 在谈 快谈完了 差点谈了
    约好周五谈 明天谈了 下周一谈过了 今天没谈 昨天没谈 还没和王老师谈 和老师还没谈 木有谈 没时间谈 没找老师
    今晚谈 今天谈 明天 还没联系老师 没谈9.15 不会谈了 都没谈 没准已谈 已谈/未谈 未谈/已谈 谈了，没谈拢
    谈了，但是没谈完 和王老师约了谈话 再谈了
question: 谈了吗？ 谈了吗 要谈吗 怎么谈 什么时候谈 谈了没 谈过没有 谈了没啊 谈了不 谈了木有 已谈？ 已谈？？
    已谈❓ 谈没谈 是不是谈了 谈了么 谈了嘛 要不要谈 找谁谈 能不能线上谈 谈什么 谈多久 如果没谈怎么办 老师呢
    谈了…吗 談了嗎 谁说我没谈 谈个啥 done? 交了吗 什么时候交表 没拿到表吗 日期不对吗 如果约不上老师怎么办
cannot_reach: 约不上 约不上老师 联系不上老师 老师不回 老师不回消息 老师一直没回我 約不上老師 聯繫不上老師
    打不通老师电话 找不到老师 老师没回复 约不上老师怎么办？ 已经一周联系不上老师了 联系不到王老师 老师不接电话
    老师不理我 现在还联系不上
no_form: 没拿到表 表还没发 没收到登记表 沒拿到表 登记表没有发 我没领到表 没有登记表 没有表 表没拿到 还没给我表
    没拿到表怎么办？
form_handed_in: 已交 表交了 交了 已经交了 登记表已交 表已经交给组委了 交上去了 已提交 我交表了 表交了，谢谢
agree: 属实 情况属实 屬實 属实，谢谢 属实_9月15日
deny: 不属实 情况不属实 没有的事 没这回事
wrong_day: 日期不对 时间错了 日期不对，是9月16日
undo: 撤销 撤回 撤銷 撤销一下 点错了 /undo
command: 帮助 进度 登记表 分配 介绍 指南 我的数据 幫助 进度？
write_for_me: 帮我写意见 能不能帮我写一份意见 代写意见 替我写个评语 幫我寫意見 给我写一段鉴定
backdate: 日期帮我改成上个月 日期往前写 帮我倒签 能把日期改早一点吗 时间写成上月 日期改成8月
date_only: 9月15日 9.15 昨天 上周三 是昨天 9.15吧 2月30日 0915 9月15日，谢谢 12月30日
unclear: 谈 谈话 谈谈 谈一谈 交谈 谈好 小李谈了 他谈了 她已经谈过了 他们谈了 你谈了 王老师谈了 老师谈过了
    小明和老师谈了 同学谈了 我室友谈了 要是谈了 谈了再说 如果谈了告诉你 谈了的话 谈了就好 等谈了 谈了一半
    谈了一点 已谈完了一半 谈了个寂寞 谈个屁 谈了个大概 谈了几句 谈了吧 谈过了吧 谈了呗 谈了呢 应该谈了 好像谈了
    可能谈过了 大概谈了 差不多谈了 基本谈了 怕是谈了 谈了0次 谈了0个小时 谈了零次 “已谈” 「已谈」 回复已谈
    选已谈 老师说谈过了 老师说已谈 我以为谈了 梦里谈了 不是没谈 没有不谈 不得不谈 不是昨天谈的，是前天 已谈❌
    已谈🐶 已谈🤔 已谈🙅 已谈（假的） 骗你的，已谈 谈了，开玩笑的 谈了！才怪 谈恋爱了 谈了恋爱 谈了钱 聊了游戏
    已谈判 已谈话题 好的 收到 OK 👍 谢谢老师 1 +1 已谈1 1已谈 A.已谈 约了 约好了 已约 约谈过了 见面了 联系上了
    完成 已完成 搞定了 嗯 是的 对 不对 不是 上周谈了 上个月谈过了 之前谈过了 早就谈了 假装谈了 别谈了 不用谈了
    当我谈了 就当谈了 视为已谈 可以谈了 可以谈 自己谈了 让小李谈了 又谈了 先谈了 只谈了 白谈了 谈崩了 谈砸了
    谈好时间了 谈完就交表 完成谈话后交表 谈话完成后呢哦 已谈，表交了 先谈了别的 9月15日谈 和女朋友谈了
    和爸妈谈了 和班长谈了 和老师险些谈了 和王老师差一点谈了 和王老师谈了工作 谈了谈了谈 老师 老师好 你好 哈哈 ，
    之前联系不上，现在谈了 没有约不上 还没交 表还没填 没问题 not 已谈_一半 已谈_没 已谈_还没 已谈_假的 谈了_骗你
    not_done 已谈_李明的事
"""


def _cases() -> list[tuple[str, Intent]]:
    cases = []
    for word in TABLE.split():
        if word.endswith(":") and word.isascii():
            intent = Intent(word.removesuffix(":"))
        else:
            cases.append((word.replace("_", " "), intent))
    return cases


CASES = _cases()
CLAIMS = [text for text, intent in CASES if intent is Intent.TALKED]


def test_the_table_is_as_large_as_promised() -> None:
    assert len(CASES) >= 300
    assert len({text for text, _ in CASES}) == len(CASES)


@pytest.mark.parametrize(("text", "intent"), CASES)
def test_each_utterance_means_what_the_table_says(text: str, intent: Intent) -> None:
    assert understand(text, TODAY, WEEK1).intent is intent


@pytest.mark.parametrize("text", ["", "   ", "\u3000", "👍", "谈了" * LONGEST])
def test_silence_and_letters_are_unclear(text: str) -> None:
    assert understand(text, TODAY, WEEK1).intent is Intent.UNCLEAR


def test_an_ideographic_space_is_a_space() -> None:
    assert understand("已\u3000谈", TODAY, WEEK1).intent is Intent.TALKED


NEGATIONS = ["没", "没有", "还没", "未", "不", "并未", "不是", "別", "沒", "无", "尚未", "差点没"]


@given(st.sampled_from(CLAIMS), st.sampled_from(NEGATIONS), st.data())
def test_a_negation_anywhere_in_a_claim_is_never_a_claim(
    claim: str, negation: str, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(claim)))
    text = claim[:place] + negation + claim[place:]
    assert understand(text, TODAY, WEEK1).intent is not Intent.TALKED


@given(st.sampled_from(CLAIMS), st.sampled_from(["？", "吗", "没有", "才怪", "的话", "吧"]))
def test_a_question_or_a_doubt_behind_a_claim_is_never_a_claim(claim: str, behind: str) -> None:
    assert understand(claim + behind, TODAY, WEEK1).intent is not Intent.TALKED


@given(
    st.sampled_from(["如果", "要是", "等", "快", "差点", "准备", "他", "小李", "老师说", "明天"]),
    st.sampled_from(["谈了", "谈完了", "聊过了", "谈过话了"]),
)
def test_a_condition_a_future_or_another_subject_is_never_a_claim(before: str, claim: str) -> None:
    assert understand(before + claim, TODAY, WEEK1).intent is not Intent.TALKED


@given(st.text(alphabet="谈聊了过完已没还老师我和话的吗明天昨好，？ ", max_size=12))
def test_no_mixture_of_the_usual_words_with_a_negation_is_a_claim(text: str) -> None:
    said = understand(text, TODAY, WEEK1).intent
    assert said is not Intent.TALKED or "没" not in text


def test_a_claim_carries_its_day() -> None:
    said = understand("已谈 9月15日", TODAY, WEEK1)
    assert (said.intent, said.day) == (Intent.TALKED, date(2026, 9, 15))


def test_a_claim_without_a_date_has_neither_day_nor_problem() -> None:
    said = understand("谈过了", TODAY, WEEK1)
    assert (said.day, said.day_doubt, said.day_problem) == (None, (), "none")


def test_a_claim_with_two_dates_is_in_doubt_about_its_day() -> None:
    said = understand("9月15日、16日谈的", TODAY, WEEK1)
    assert said.day is None
    assert (said.day_doubt, said.day_problem) == (
        (date(2026, 9, 15), date(2026, 9, 16)),
        "ambiguous",
    )


def test_a_claim_on_a_day_that_does_not_exist_says_so() -> None:
    assert understand("已谈 2月30日", TODAY, WEEK1).day_problem == "impossible"


def test_the_definite_word_with_a_coming_day_is_left_for_the_caller_to_refuse() -> None:
    said = understand("已谈 明天", TODAY, WEEK1)
    assert (said.intent, said.day) == (Intent.TALKED, date(2026, 9, 26))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("已谈 张三 李四 9.22", "张三、李四"),
        ("已经和王老师谈了", "王老师"),
        ("王老师找我谈过了", "王老师"),
        ("和李明谈过了", "李明"),
        ("谈过了", ""),
        ("和老师谈过了", ""),
    ],
)
def test_the_people_named_in_a_claim_are_handed_on(text: str, names: str) -> None:
    said = understand(text, TODAY, WEEK1)
    assert (said.intent, said.names_text) == (Intent.TALKED, names)


@pytest.mark.parametrize("text", ["都谈了", "两位老师都谈过了", "和两位老师谈过了", "全部谈了"])
def test_a_claim_about_all_of_them_says_so(text: str) -> None:
    assert understand(text, TODAY, WEEK1).everyone


@pytest.mark.parametrize("text", ["谈过了", "谈了两个小时", "我俩谈过了"])
def test_a_claim_about_one_talk_is_not_about_all(text: str) -> None:
    assert not understand(text, TODAY, WEEK1).everyone


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("李明谈过了", "李明"),
        ("李明、王芳都谈过了", "李明、王芳"),
        ("张三 李四 已谈 9.22", "张三、李四"),
        ("已谈 liming", "liming"),
        ("谈过了", ""),
    ],
)
def test_a_mentor_may_speak_of_students(text: str, names: str) -> None:
    said = understand(text, TODAY, WEEK1, expects=Expects.NAMES)
    assert (said.intent, said.names_text) == (Intent.TALKED, names)


@pytest.mark.parametrize(
    "text", ["他谈了", "李明还没谈", "李明快谈了", "已谈 no", "李明谈了吗", "是的"]
)
def test_a_mentor_is_not_misread_either(text: str) -> None:
    assert understand(text, TODAY, WEEK1, expects=Expects.NAMES).intent is not Intent.TALKED


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("属实", Intent.AGREE),
        ("是的", Intent.AGREE),
        ("对", Intent.AGREE),
        ("嗯嗯", Intent.AGREE),
        ("谈过", Intent.AGREE),
        ("谈过了", Intent.AGREE),
        ("李明谈过了", Intent.AGREE),
        ("是的，谈过了", Intent.AGREE),
        ("还没谈", Intent.DENY),
        ("没有谈", Intent.DENY),
        ("没有", Intent.DENY),
        ("昨天没谈", Intent.DENY),
        ("没和他谈过", Intent.DENY),
        ("不是", Intent.DENY),
        ("不对", Intent.DENY),
        ("日期不对", Intent.WRONG_DAY),
        ("明天谈", Intent.NOT_YET),
        ("还没谈，约了明天谈", Intent.NOT_YET),
        ("不是没谈", Intent.UNCLEAR),
        ("好的", Intent.UNCLEAR),
        ("收到", Intent.UNCLEAR),
        ("谈了吗", Intent.QUESTION),
    ],
)
def test_words_about_a_talk_to_be_judged_agree_or_deny(text: str, intent: Intent) -> None:
    assert understand(text, TODAY, WEEK1, expects=Expects.VERDICT).intent is intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("昨天谈的", Intent.DATE_ONLY),
        ("已谈 9.15", Intent.DATE_ONLY),
        ("明天", Intent.DATE_ONLY),
        ("2月30日", Intent.DATE_ONLY),
        ("谈过了", Intent.TALKED),
        ("还没谈", Intent.NOT_YET),
    ],
)
def test_a_claim_in_answer_to_the_question_for_a_day_is_a_date(text: str, intent: Intent) -> None:
    assert understand(text, TODAY, WEEK1, expects=Expects.DAY).intent is intent


@pytest.mark.parametrize(
    ("text", "command"),
    [("帮助", "help"), ("我的数据", "mydata"), ("撤销", "undo"), ("谈了", None)],
)
def test_a_chinese_command_word_names_its_latin_command(text: str, command: str | None) -> None:
    assert understand(text, TODAY, WEEK1).command == command


@given(st.text(max_size=40), st.sampled_from([None, *Expects]))
def test_any_text_is_understood_or_unclear_but_never_an_error(
    text: str, expects: Expects | None
) -> None:
    assert understand(text, TODAY, None, expects=expects).intent in Intent


@given(
    st.text(alphabet="已经刚都是谈了过话和老师哈嗯谢没还交表的", min_size=1, max_size=3),
    st.sampled_from(["", "x", "谈", "谢"]),
)
@settings(deadline=2000)
def test_a_text_of_repeated_words_is_read_in_no_time(word: str, end: str) -> None:
    understand((word * LONGEST)[: LONGEST - 1] + end, TODAY, WEEK1)
