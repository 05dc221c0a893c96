"""The opinion checklist as a whole (policy § 6): levels, layers, attitude, the other introducer's text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.compose.opinion import hint_text
from bot.rules.opinion import Verdict, check
from bot.rules.opinion_text import length, prepare
from messages.catalogue import Catalogue
from tests.bot.rules.opinions import CLOSING, EXAMPLE, SAMPLE_1, SAMPLE_2, examples

CATALOGUE = Catalogue.load()


def hints(verdict: Verdict) -> list[str]:
    return [f"{hint.code} {hint.level}" for hint in verdict.hints]


def codes(verdict: Verdict) -> set[str]:
    return {hint.code for hint in verdict.hints}


# the college's models


def test_first_model_lacks_only_a_direction_and_a_real_name() -> None:
    verdict = check(SAMPLE_1, SAMPLE_2)
    assert hints(verdict) == ["K3 W", "K9 E"]
    assert verdict.attitude == "positive"


def test_second_model_may_agree_because_it_goes_on_with_its_own_content() -> None:
    verdict = check(SAMPLE_2, SAMPLE_1)
    assert hints(verdict) == ["K3 W", "K5 H", "K9 E"]
    assert verdict.attitude == "positive"


def test_heading_blanks_and_punctuation_do_not_count_as_length() -> None:
    assert (length(prepare(SAMPLE_1)), length(prepare(SAMPLE_2))) == (178, 163)


@pytest.mark.parametrize(("heading", "text"), examples("whole"))
def test_writer_of_a_whole_opinion_sees_exactly_what_is_missing(heading: str, text: str) -> None:
    expected = heading.removesuffix(", negative")
    verdict = check(text)
    assert hints(verdict) == ([] if expected == "nothing" else expected.split(", "))
    assert (verdict.attitude == "negative") is heading.endswith("negative")


# layers

LAYERS = {
    "K1a": ("该同志政治立场坚定，入党动机端正。", "李明同志拥护党的领导，积极要求进步，思想汇报按时递交。"),
    "K1b": ("学习刻苦，连续两年获奖学金，任班长尽职尽责。", "专业课成绩优异，实习中备课认真，深受好评。"),
    "K1c": ("遵守校规校纪，为人正直，团结同学。", "作风正派，生活俭朴，乐于助人，在同学中有口皆碑。"),
    "K2": ("不足之处是公开场合发言不够主动。", "缺点是有时工作方法比较简单，脾气急躁。"),
    "K3": ("今后应多在会上先说自己的看法。", "希望他学会先听后说，每月同普通同学谈一次心。"),
    "K4a": ("用党员标准全面衡量，我认为该同志已具备入党条件。", "我认为他已基本符合共产党员的条件。"),
    "K4b": ("我愿意担任其入党介绍人，介绍其加入中国共产党。", "本人愿意做他的入党介绍人。"),
}  # fmt: skip
PARTS = st.fixed_dictionaries({code: st.sampled_from(said) for code, said in LAYERS.items()})


@given(PARTS)
def test_writer_of_all_layers_sees_no_hint_but_for_length(parts: dict[str, str]) -> None:
    verdict = check("".join(parts.values()))
    assert codes(verdict) <= {"K7"}
    assert verdict.attitude == "positive"


@given(PARTS, st.sampled_from(sorted(LAYERS)))
def test_writer_sees_the_one_layer_that_is_missing(parts: dict[str, str], gone: str) -> None:
    verdict = check("".join(said for code, said in parts.items() if code != gone))
    assert codes(verdict) - {"K7"} == {gone}
    level = "E" if gone in ("K2", "K4a", "K4b") else "W"
    assert f"{gone} {level}" in hints(verdict)


@given(PARTS)
def test_missing_the_whole_first_layer_is_graver_than_missing_one_aspect(
    parts: dict[str, str],
) -> None:
    verdict = check("".join(said for code, said in parts.items() if not code.startswith("K1")))
    assert {"K1a E", "K1b E", "K1c E"} <= set(hints(verdict))


def test_what_is_wished_for_is_no_account_of_what_was_done() -> None:
    text = "不足之处是学习成绩还不稳定，遵守纪律的自觉性有待加强。希望提高政治觉悟。" + CLOSING
    assert {"K1a E", "K1b E", "K1c E"} <= set(hints(check(text)))


# agreeing with the other introducer


def test_agreement_does_not_stand_in_for_the_writers_own_attitude() -> None:
    verdict = check("我同意介绍人王芳同志的意见。")
    assert {"K4a E", "K4b E", "K5 E"} <= set(hints(verdict))
    assert verdict.attitude is None


@pytest.mark.parametrize(
    "own",
    [
        "政治立场坚定，工作认真，遵守纪律，缺点是急躁。",  # under 60 characters
        "缺点是有时急躁，听取意见不够，常常没听完就下结论，同学有话不愿再说，"
        "今后要先听后说，遇事多同大家商量，把每个人的话听完再表态。" + CLOSING,  # no layer 1
        EXAMPLE.split("不足之处")[0] + CLOSING,  # no shortcoming
    ],
)
def test_second_introducer_who_adds_too_little_is_told_so(own: str) -> None:
    assert "K5 E" in hints(check("我同意介绍人王芳同志的意见。" + own))


# the other introducer's text

FIRST = EXAMPLE + CLOSING


@pytest.mark.parametrize(
    "second",
    [
        EXAMPLE + "我认为其具备入党条件，我愿意作其介绍人。",
        EXAMPLE.replace("十二次", "十次").replace("学习委员", "班长"),
        EXAMPLE.replace("政治立场坚定", "思想上要求进步").replace(
            "发言主动性不强", "发言不够主动"
        ),
        "我同意介绍人王芳同志的意见。" + EXAMPLE,
        "遵守纪律，团结同学，民主测评优秀率高；学习成绩位居专业前列，担任学习委员期间组织了十二次早读，"
        "工作细致；该同志政治立场坚定，入党动机端正，按时递交思想汇报，能结合师范生职责谈对党的宗旨的理解。",
    ],
)
def test_second_introducer_who_copies_is_told_so(second: str) -> None:
    assert "K6 W" in hints(check(second, FIRST))
    assert "K6 W" in hints(check(FIRST, second))


def test_only_a_borrowed_clause_is_a_mild_hint() -> None:
    borrowed = (
        "担任学习委员期间组织了十二次早读，工作细致；遵守纪律"  # 23 characters without punctuation
    )
    own = "我与他谈话三次，听过他的两节试讲课，他讲得慢而清楚。"
    assert "K6 H" in hints(check(borrowed + "。" + own * 4, EXAMPLE))
    assert "K6" not in codes(check(own * 4, EXAMPLE))


def test_what_everybody_writes_is_not_copying() -> None:
    shared = "按党章规定的标准全面衡量，根据其现实表现，" + CLOSING
    assert "K6" not in codes(check("他备课细致，" + shared, "她善于倾听，" + shared))


def test_without_the_other_text_nothing_is_said_of_likeness() -> None:
    assert "K6" not in codes(check(FIRST))
    assert "K6 W" in hints(check(FIRST, FIRST))


# length


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("同意。", 2),
        ("该同志表现优秀，同意入党。", 11),
        ("同意其加入中国共产党，愿意担任介绍人。", 17),
        ("该同志思想进步，学习认真，团结同学，我愿意介绍其入党。", 23),
        ("政治合格，工作认真，作风正派，无明显不足，具备条件。", 21),
        ("该" * 59, 59),
    ],
)
def test_a_text_under_sixty_characters_is_short(text: str, size: int) -> None:
    assert length(prepare(text)) == size
    assert "K7 W" in hints(check(text))


@pytest.mark.parametrize(("size", "level"), [(60, ["K7 H"]), (119, ["K7 H"]), (120, [])])
def test_a_text_of_sixty_characters_is_only_somewhat_short(size: int, level: list[str]) -> None:
    assert [one for one in hints(check("好，" * size)) if one.startswith("K7")] == level


def test_the_policys_own_second_opinion_is_only_somewhat_short_without_its_agreement() -> None:
    text = dict(reversed(examples("policy")))["K5 not found"]
    assert length(prepare(text)) == 125
    without = text.split("。", 1)[1]
    assert length(prepare(without)) == 112
    assert "K7 H" in hints(check(without))


def test_one_fault_hides_no_other() -> None:
    assert hints(check("同意。")) == [
        "K1a E", "K1b E", "K1c E", "K2 E", "K3 W", "K4a E", "K4b E", "K5 E", "K7 W",
    ]  # fmt: skip


# attitude


@pytest.mark.parametrize(
    "text",
    ["该同志尚未达到党员标准，我暂不愿担任其入党介绍人。", "我不认为该同志具备入党条件。"],
)
def test_an_honest_no_is_an_answer_not_an_omission(text: str) -> None:
    verdict = check(text)
    assert verdict.attitude == "negative"
    assert codes(verdict).isdisjoint({"K4a", "K4b"})


def test_half_an_attitude_is_none() -> None:
    assert check("我认为该同志已具备入党条件。").attitude is None
    assert check("我愿意担任其入党介绍人。").attitude is None


@pytest.mark.parametrize(
    "name", ["许若彤", "张不凡", "李如意", "胡希望", "待明", "尚未雨", "宋如果", "莫离", "曾晓"]
)
def test_a_name_is_no_condition_no_denial_and_no_wish(name: str) -> None:
    text = EXAMPLE.replace("该同志", f"{name}同志") + CLOSING.replace("该同志", f"{name}同志")
    for student in (None, name):
        verdict = check(text, student=student)
        assert (hints(verdict), verdict.attitude) == ([], "positive")


@pytest.mark.parametrize(
    "text",
    [
        "若李明同志能改正缺点，李明同志即具备入党条件。",
        "不认为该同志具备入党条件，不认为该同志优秀。",
    ],
)
def test_what_stands_before_a_name_is_no_part_of_it(text: str) -> None:
    assert check(text).attitude != "positive"
    assert check(text).attitude == check(text, student="李明").attitude


def test_whoever_only_says_that_both_opinions_agree_has_none_of_their_own() -> None:
    assert "K5 E" in hints(check("意见与第一介绍人相同，没有补充。"))
    assert "K5" not in codes(check("我的意见与第一介绍人不同，该同志尚需培养。"))


# whom it is about


def test_writer_who_names_nobody_is_asked_whom_it_is_about() -> None:
    assert "K10 W" in hints(check("表现优秀。", student="李明"))
    assert "K10" not in codes(check("李 明同志表现优秀。", student="李明"))
    assert "K10" not in codes(check("该同志表现优秀。", student="李明"))


def test_writer_who_names_another_student_of_theirs_is_warned() -> None:
    assert "K10 W" in hints(check("该同志和王丽表现优秀。", student="李明", others=["王丽"]))
    assert "K10" not in codes(check("李明明同志表现优秀。", student="李明明", others=["李明"]))
    assert "K10 W" in hints(check("李明明同志表现优秀。", student="李明", others=["李明明"]))


def test_where_the_student_is_unknown_no_name_is_missed() -> None:
    assert "K10" not in codes(check("表现优秀。", others=["王丽"]))


# how it is said


@given(st.text(st.sampled_from("同意介绍人愿不入党具备条件希望今后xx__政治学习，。；\n ")))
def test_hints_are_for_the_writer_and_never_a_score_or_a_reproach(text: str) -> None:
    for hint in check(text, text, student="李明").hints:
        said = hint_text(CATALOGUE, hint.code, hint.level, hint.found)
        assert "没有写" not in said
        assert not any(word in said for word in ("分数", "合格", "得分", "！"))
        assert not said.endswith("。")  # several are set in one line (O3)


def test_writer_sees_which_placeholder_was_left() -> None:
    (hint,) = [hint for hint in check("某某同志学习认真。").hints if hint.code == "K9"]
    said = hint_text(CATALOGUE, hint.code, hint.level, hint.found)
    assert said == "有未替换的占位文字“某某”，请改为实际内容"


# preparation


@pytest.mark.parametrize(
    "heading",
    [
        "入党介绍人意见\n",
        "入党介绍人意见：\n",
        "\n 第二入党介绍人意见\n",
        "附件：入党介绍人意见例文1：\n入党介绍人意见\n",
    ],
)
def test_a_line_that_is_only_the_heading_is_no_content(heading: str) -> None:
    assert prepare(heading + EXAMPLE) == prepare(EXAMPLE)


def test_the_same_words_inside_a_sentence_stay() -> None:
    assert "入党介绍人意见" in prepare("我已读过入党介绍人意见。")


def test_line_breaks_and_widths_change_nothing() -> None:
    wrapped = "\n".join(FIRST[start : start + 7] for start in range(0, len(FIRST), 7))
    half = wrapped.replace("，", ", ").replace("。", ".").replace("；", ";")
    assert check(half) == check(FIRST)


def test_a_decimal_point_ends_no_sentence() -> None:
    assert prepare("绩点3.7.好") == "绩点3.7。好"
