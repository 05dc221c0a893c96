"""Finding people by what is typed, and telling namesakes apart."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.names import Found, find, find_each, split_names, tell_apart
from bot.rules.spelling import spellings
from bot.rules.surnames import looks_like_a_name, surname, untitled
from storage.records import PersonId, Stage


@dataclass(frozen=True)
class Student:
    id: PersonId
    name: str
    class_name: str | None = None
    stage: Stage = Stage.ACTIVIST
    stage_since: date | None = None


CAST = [
    Student(PersonId(id_), name, class_name)
    for id_, (name, class_name) in enumerate(
        [
            ("李明", "计科2201班"),
            ("李明", "计科2202班"),
            ("王芳", None),
            ("单雄信", None),
            ("吕布", None),
            ("欧阳娜娜", None),
            ("曾志伟", None),
            ("李和平", None),
            ("张三", None),
            ("李四", None),
            ("王建国", None),
            ("阿卜杜拉·买买提", None),
        ]
    )
]


def _exact(query: str) -> list[str]:
    return [person.name for person in find(query, CAST).exact]


def _near(query: str) -> list[str]:
    found = find(query, CAST)
    assert not found.exact
    return [person.name for person in found.near]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("张三", "张三"),
        ("張三", "张三"),
        ("张 三", "张三"),
        ("张三同学", "张三"),
        ("欧阳娜娜", "欧阳娜娜"),
        ("欧阳老师", "欧阳娜娜"),
        ("阿卜杜拉买买提", "阿卜杜拉·买买提"),
        ("zhangsan", "张三"),
        ("Zhāng Sān", "张三"),
        ("zhang'san", "张三"),
        ("zhang-san", "张三"),
        ("shanxiongxin", "单雄信"),
        ("danxiongxin", "单雄信"),
        ("lvbu", "吕布"),
        ("lübu", "吕布"),
        ("lubu", "吕布"),
        ("lyubu", "吕布"),
        ("zengzhiwei", "曾志伟"),
        ("cengzhiwei", "曾志伟"),
        ("zzw", "曾志伟"),
        ("wjg", "王建国"),
        ("ＺＺＷ", "曾志伟"),
    ],
)
def test_one_person_is_found_by_name_address_pinyin_or_initials(query: str, name: str) -> None:
    assert _exact(query) == [name]


@pytest.mark.parametrize("query", ["李明", "liming", "li ming", "lm", "李明同学"])
def test_all_namesakes_are_found_and_none_is_guessed(query: str) -> None:
    assert _exact(query) == ["李明", "李明"]


@pytest.mark.parametrize("query", ["王老师", "wang老师", "王同志"])
def test_all_of_one_surname_are_found_by_their_address(query: str) -> None:
    assert _exact(query) == ["王芳", "王建国"]


def test_a_mere_surname_is_asked_back_where_few_have_it() -> None:
    assert find("王", CAST).exact == ()
    assert _near("王") == ["王芳", "王建国"]
    given_names = ("文博", "雅静", "国庆", "子涵", "建军", "思远")
    many = [replace(CAST[0], id=PersonId(n), name=f"赵{g}") for n, g in enumerate(given_names)]
    assert find("赵", many[:5]).near == tuple(many[:5])
    assert find("赵", many) == Found(), "of six, five would be a guess"


@pytest.mark.parametrize(
    "query",
    ["李明2201", "李明 计科2201班", "计科2201 李明", "李明（2201班）", "liming 2201", "lm2201"],
)
def test_a_part_of_the_class_beside_the_name_chooses_among_namesakes(query: str) -> None:
    assert find(query, CAST).exact == (CAST[0],)


def test_a_class_that_none_of_them_is_in_finds_nobody() -> None:
    assert find("李明2209", CAST).exact == ()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("李名", ["李明", "李明"]),
        ("张珊", ["张三"]),
        ("王健国", ["王建国"]),
        ("王国建", ["王建国"]),
        ("王建", ["王芳", "王建国"]),
        ("limin", ["李明", "李明"]),
        ("李朋", ["李明", "李明"]),
        ("娜娜", ["欧阳娜娜"]),
        ("建国", ["王建国"]),
        ("小张", ["张三"]),
        ("老王", ["王芳", "王建国"]),
        ("李红", ["李明", "李明", "李四"]),
    ],
)
def test_a_slip_or_a_familiar_name_is_only_near(query: str, names: list[str]) -> None:
    assert _near(query) == names


@pytest.mark.parametrize("query", ["", " ", "，", "赵六", "abc", "老师", "小", "张三李四", "明天"])
def test_nobody_is_found_for_other_words(query: str) -> None:
    assert _near(query) == []


def test_no_more_than_five_are_near() -> None:
    many = [Student(PersonId(i), f"李{given}") for i, given in enumerate("东西南北中春夏")]
    assert len(find("李冬瓜", many).near) == 0
    assert len(find("小李", many).near) == 5


@pytest.mark.parametrize(
    ("name", "pinyin"),
    [
        ("单丹", "shandan"),
        ("仇英", "qiuying"),
        ("查良镛", "zhaliangyong"),
        ("区宁", "ouning"),
        ("解缙", "xiejin"),
        ("朴树", "piaoshu"),
        ("朴树", "pushu"),
        ("吕凤", "lvfeng"),
        ("尉迟恭", "yuchigong"),
        ("万俟雅", "moqiya"),
    ],
)
def test_a_surname_is_spelt_as_a_surname_and_as_a_word(name: str, pinyin: str) -> None:
    assert pinyin in spellings(name)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("张三 李四、王五", ["张三", "李四", "王五"]),
        ("张三，李四；王五\n赵六", ["张三", "李四", "王五", "赵六"]),
        ("张三和李四", ["张三", "李四"]),
        ("张三和李和平", ["张三", "李和平"]),
        ("李和平和王芳", ["李和平", "王芳"]),
        ("张三 和 李四", ["张三", "李四"]),
        ("李和平", ["李和平"]),
        ("", []),
        ("、 ，", []),
    ],
)
def test_a_list_of_names_is_split(text: str, names: list[str]) -> None:
    assert split_names(text) == names


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("张三 李四", ["张三", "李四"]),
        ("li ming zhang san", ["li ming", "zhang san"]),
        ("lm zs", ["lm", "zs"]),
        ("张三 李明 2201、王芳", ["张三", "李明 2201", "王芳"]),
        ("张三 赵六", ["张三", "赵六"]),
        ("赵六 张三", ["赵六", "张三"]),
        ("li ming", ["li ming"]),
    ],
)
def test_words_that_are_one_name_together_are_found_together(text: str, words: list[str]) -> None:
    assert [sought.words for sought in find_each(text, CAST)] == words


def test_each_name_brings_its_own_people() -> None:
    found = [sought.found for sought in find_each("张三 李名 2209", CAST)]
    assert [len(one.exact) for one in found] == [1, 0, 0]
    assert [len(one.near) for one in found] == [0, 2, 0]


def test_people_of_different_names_are_called_by_name_alone() -> None:
    assert tell_apart(CAST[2:5]) == {2: "王芳", 3: "单雄信", 4: "吕布"}


def test_namesakes_are_told_apart_by_class() -> None:
    assert tell_apart(CAST[:2]) == {0: "李明（计科2201班）", 1: "李明（计科2202班）"}


def test_namesakes_of_one_class_are_told_apart_by_stage() -> None:
    one, other = CAST[0], Student(PersonId(7), "李明", "计科2201班", Stage.CANDIDATE)
    assert tell_apart([one, other]) == {0: "李明（入党积极分子）", 7: "李明（发展对象）"}


def test_namesakes_of_one_stage_are_told_apart_by_its_date() -> None:
    people = [
        Student(PersonId(i), "李明", stage_since=since)
        for i, since in enumerate([date(2026, 3, 14), date(2026, 5, 1)])
    ]
    assert tell_apart(people) == {0: "李明（3月14日起）", 1: "李明（5月1日起）"}


def test_namesakes_alike_in_everything_are_counted() -> None:
    people = [Student(PersonId(i), "李明", "1班") for i in range(21)]
    labels = list(tell_apart(people).values())
    assert labels[:2] == ["李明（一）", "李明（二）"]
    assert labels[9:12] == ["李明（十）", "李明（十一）", "李明（十二）"]
    assert labels[19:] == ["李明（二十）", "李明（二十一）"]


def test_only_what_helps_is_said_and_only_to_those_it_helps() -> None:
    people = [
        Student(PersonId(1), "李明", "1班"),
        Student(PersonId(2), "李明", "1班", Stage.CANDIDATE),
        Student(PersonId(3), "李明", "1班", Stage.CANDIDATE),
        Student(PersonId(4), "李明", "2班"),
        Student(PersonId(5), "李明"),
    ]
    assert tell_apart(people) == {
        1: "李明（1班，入党积极分子）",
        2: "李明（1班，发展对象）（一）",
        3: "李明（1班，发展对象）（二）",
        4: "李明（2班）",
        5: "李明",
    }


def test_a_person_listed_twice_is_one_person() -> None:
    assert tell_apart([CAST[2], CAST[2]]) == {2: "王芳"}


PEOPLE = st.lists(
    st.builds(
        Student,
        id=st.integers(1, 999).map(PersonId),
        name=st.sampled_from(["李明", "王芳"]),
        class_name=st.sampled_from([None, "1班", "2班"]),
        stage=st.sampled_from(Stage),
        stage_since=st.sampled_from(
            [None, date(2025, 3, 14), date(2026, 3, 14), date(2026, 5, 1)]
        ),
    ),
    unique_by=lambda person: person.id,
)


@given(PEOPLE)
def test_labels_are_all_different_and_begin_with_the_name(people: list[Student]) -> None:
    labels = tell_apart(people)
    assert len(set(labels.values())) == len(labels) == len(people)
    assert all(labels[person.id].startswith(person.name) for person in people)


@given(PEOPLE)
def test_a_label_does_not_depend_on_the_order(people: list[Student]) -> None:
    assert tell_apart(people) == tell_apart(people[::-1])


@given(st.text(max_size=15))
def test_no_query_breaks_the_search(query: str) -> None:
    found = find(query, CAST)
    assert not (found.exact and found.near)


@pytest.mark.parametrize("text", ["李明", "欧阳娜娜", "小李", "王老师", "欧阳老师", "老王"])
def test_what_looks_like_a_name(text: str) -> None:
    assert looks_like_a_name(text)


@pytest.mark.parametrize(
    "text", ["老师", "一半", "还没", "王", "假的", "liming", "老师好", "司马"]
)
def test_what_does_not_look_like_a_name(text: str) -> None:
    assert not looks_like_a_name(text)


@pytest.mark.parametrize(
    ("name", "expected"), [("欧阳娜娜", "欧阳"), ("王芳", "王"), ("王", "王")]
)
def test_a_surname_may_have_two_characters(name: str, expected: str) -> None:
    assert surname(name) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("王老师", "王"), ("老师", "老师"), ("李明", "李明")]
)
def test_a_title_is_taken_off_a_name(text: str, expected: str) -> None:
    assert untitled(text) == expected


def test_the_pinyin_tables_are_loaded_on_first_use_only() -> None:
    check = "import sys, bot.rules.names; sys.exit('pypinyin' in sys.modules or 'rapidfuzz' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def test_more_than_a_hundred_people_who_are_alike_are_still_told_apart() -> None:
    alike = [replace(CAST[0], id=PersonId(1000 + place)) for place in range(101)]
    told = list(tell_apart(alike).values())
    assert told[:2] == ["李明（一）", "李明（二）"]
    assert told[18:22] == ["李明（十九）", "李明（二十）", "李明（二十一）", "李明（二十二）"]
    assert told[98:] == ["李明（九十九）", "李明（100）", "李明（101）"]
