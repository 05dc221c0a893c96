"""Every sentence as people read it: in every shape of facts, polite, and in the policy's words."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib import resources
from itertools import product
from typing import Any

import pytest

from messages.catalogue import Catalogue
from messages.facts import Named
from messages.render import plain, render
from storage.records import TalkState
from tests.bot.rules.opinions import SAMPLE_1, SAMPLE_2
from tests.messages.sample import (
    AHEAD,
    COMMITTEE,
    DAYS,
    DEADLINE,
    LAST_TALK_DAY,
    PAST,
    PROBATIONARY,
    SECOND_TEACHER,
    STUDENT,
    TEACHER,
    facts,
)

CATALOGUE = Catalogue.load()
KEYS = sorted(CATALOGUE.entries)
QUOTES_A_STUDENT = {
    "guide_ask",
    "invite_card",
}  # who speaks to a mentor; what is handed on to a student
SPEAKS_TO_NOBODY_KNOWN = {"stranger"}

NOTHING_OPTIONAL: dict[str, Any] = {
    "committee": None,
    "secretary": None,
    "class_name": None,
    "stage": None,
    "form_day": None,
    "form_lacks": [],
    "exempt": [],
    "proxy": None,
    "urge": False,
    "obstacle": False,
    "half_year": False,
    "form_due": False,
    "told": [],
    "people": [],
    "answered": [],
    "replied": [],
    "proposals": [],
    "left_out": [],
    "heavy": [],
    "offered": [],
    "instead": None,
    "agreed": None,
    "last": None,
    "left": 0,
    "hours": 0,
    "hints": [],
    "unlisted": [],
    "cautions": [],
    "found": "",
    "student": STUDENT,
    "pages": 1,
    "week": 0,
}
ONE_LIST_ONLY: dict[str, Any] = {
    "disputed": [],
    "claimed": [],
    "confirmed": [],
    "with_another": [],
    "short": {},
    "as_introducer": 0,
    "not_enrolled": [],
    "probationary_forms": [],
    "not_received": [],
    "unsigned": [],
    "not_archived": [],
    "without_mentor": [],
    "few_introducers": [],
    "to_record": [],
    "unanswered": [],
    "consents": [],
    "not_handed_out": 0,
    "opinions": 0,
    "to_archive": 0,
    "received": 0,
}
ITS_BUTTONS_GO_ON = {"T13"}
PEOPLE_ARE_THE_QUESTION = {"ask_day", "ask_right_day", "already_confirmed"}
MENTORS_ARE_GIVEN = re.compile(r"S(?!0)|ask_mentor|already_claimed")


def keys_of(file: str) -> set[str]:
    """The keys of one text file."""
    source = resources.files("messages").joinpath("zh", f"{file}.toml")
    return set(tomllib.loads(source.read_text(encoding="utf-8")))


@cache
def shapes(key: str, *readers: Named) -> frozenset[str]:
    """The message as read in every combination of shapes that makes a difference to it."""
    needs = CATALOGUE.entries[key].needs
    everyone = readers or (STUDENT, PROBATIONARY, TEACHER)
    texts = set()
    for to, mentors, today, state, changed in product(
        everyone if "to" in needs else everyone[:1],
        _mentors(key) if needs & {"mentors", "mentor", "talks", "stuck"} else [(TEACHER,)],
        DAYS if "today" in needs else [AHEAD],
        (TalkState.NONE, TalkState.DISPUTED) if "state" in needs else [TalkState.NONE],
        ({}, NOTHING_OPTIONAL, ONE_LIST_ONLY),
    ):
        given = facts(to, mentors=mentors, today=today, state=state) | changed
        if key in PEOPLE_ARE_THE_QUESTION:
            given["people"] = [STUDENT]
        texts.add(plain(render(CATALOGUE, key, given).text))
    return frozenset(texts)


def _mentors(key: str) -> list[tuple[Named, ...]]:
    some: list[tuple[Named, ...]] = [(TEACHER,), (TEACHER, SECOND_TEACHER), (PROBATIONARY,)]
    return some if MENTORS_ARE_GIVEN.match(key) else [*some, ()]


def read(key: str, to: Named = STUDENT, **changed: Any) -> str:
    return plain(render(CATALOGUE, key, facts(to, **changed)).text)


@pytest.mark.parametrize("key", KEYS)
def test_every_message_reads_well_in_every_shape(key: str) -> None:
    for whole in shapes(key):
        text = whole.removesuffix("：") if key in ITS_BUTTONS_GO_ON else whole
        assert "None" not in text
        assert not re.search(r"[，；、：。]\s*[，；、。]|：$|（）|《》| $|\n\n|^\s|\s$", text), (
            text
        )
        assert not re.search(r"[{}<>]|\bTalkState\b|\bnot_", text), text


@pytest.mark.parametrize("key", KEYS)
def test_no_message_shouts_jokes_or_asks_for_a_receipt(key: str) -> None:
    for text in shapes(key):
        assert not re.search(r"[!！~～]|亲，|收到请回复|务必|否则", text)
        odd = {one for one in text if unicodedata.category(one) in ("So", "Cs", "Cn")} - {"✓"}
        assert not odd


@pytest.mark.parametrize("key", sorted(set(KEYS) - QUOTES_A_STUDENT - SPEAKS_TO_NOBODY_KNOWN))
def test_student_is_never_addressed_with_nin(key: str) -> None:
    assert not [text for text in shapes(key, STUDENT, PROBATIONARY) if "您" in text]


@pytest.mark.parametrize("key", sorted(set(KEYS) - keys_of("students") - QUOTES_A_STUDENT))
def test_teacher_is_never_addressed_with_ni(key: str) -> None:
    assert not [text for text in shapes(key, TEACHER) if "你" in text]


@pytest.mark.parametrize("key", KEYS)
def test_no_deadline_is_announced_once_it_is_past(key: str) -> None:
    assert "最迟" not in read(key, today=PAST)
    assert "最迟9月30日" not in read(key, today=DEADLINE)


@pytest.mark.parametrize("key", KEYS)
def test_every_date_has_its_weekday(key: str) -> None:
    for text in shapes(key):
        typed = re.sub(r"例如“\d+月\d+日”", "", text)  # an example of what to type
        assert not re.search(r"\d月\d+日(?!（周[一二三四五六日]）)", typed)


@pytest.mark.parametrize("key", sorted(keys_of("groups")))
def test_group_message_knows_no_person(key: str) -> None:
    assert CATALOGUE.entries[key].needs <= {"branch", "talk", "received", "link", "others"}


@pytest.mark.parametrize("key", ["enrol_ask", "notice", "enrol_wrong", "enrol_dead", "stranger"])
def test_nobody_is_named_before_the_second_factor_is_right(key: str) -> None:
    assert CATALOGUE.entries[key].needs <= {"tries", "notice", "version", "day"}


@pytest.mark.parametrize("key", ["G1", "C2", "B1", "status_branch", "status_office"])
def test_totals_name_all_four_states(key: str) -> None:
    text = read(key)
    assert all(
        part in text for part in ("老师已确认20人", "等老师确认2人", "待核实1人", "未谈3人")
    )


def test_every_button_of_the_product_has_its_words() -> None:
    assert {
        *("已谈话", "约不上老师", "还没谈", "没有谈", "属实", "日期不对", "代记", "改日期"),
        *("已联系好", "换人", "改期", "两位都谈了", "全部已发", "收到日期", "已齐的全部归档"),
        *("今天", "昨天", "前天", "其他日期", "撤销"),
    } <= set(CATALOGUE.labels.values())


@pytest.mark.parametrize(
    ("key", "phrases"),
    [
        ("S0", "本学期半年考察已经开始|由孙丽同志发放|你的培养联系人是王芳老师|之间主动约谈"),
        ("S0b", "你的入党介绍人是王芳同志，请在9月14日（周一）至9月27日（周日）之间主动约谈"),
        ("S1", "联系方式可问孙丽同志；不知怎么开口，发“指南”。|还没有表，回复“没拿到表”。"),
        ("S1", "近半年的思想认识、学习和工作情况、存在的不足、下一步打算。谈话时带上登记表"),
        ("S2", "还没有看到你与王芳老师的谈话登记，谈话最迟9月27日（周日）（含当天）。"),
        ("S2", "已经谈过，点“已谈话”或回复“已谈 日期”；约不上，点“约不上老师”，支部来协助。"),
        (
            "S3",
            "请与王芳老师约定时间。不便当面谈的，可与老师商量视频谈。|自己有困难（实习、生病等）",
        ),
        (
            "S4",
            "请把登记表交给本科生第一党支部组织委员孙丽同志登记|支部正在帮你联系，登记表可先交。",
        ),
        ("S4", "交表前请核对：谈话日期、老师签名、每处日期到“日”，没有内容的栏目写“无”。"),
        ("S5", "你的半年考察还缺：与老师谈话、交登记表。|也请先告诉孙丽同志，一起想办法。"),
        ("S6", "本学期谈话为“未谈”，支部会请老师确认，你不用再交。"),
        ("S7", "截止日9月30日（周三）已过。请尽快与孙丽同志联系补办；日期按实际发生填写。"),
        (
            "S10",
            "已请老师确认。你这边已完成，等老师确认即可，不影响交表。|10 分钟内可发 /undo 撤销。",
        ),
        ("S10b", "王芳老师还没有开通，已转赵敏同志核对后代记。"),
        ("S11", "王芳老师已确认9月15日（周二）的谈话（赵敏同志核对后代记）。|交给孙丽同志。"),
        ("S12", "情况属实不用回复；日期不对，回复正确日期；如果没有谈，请点“没有谈”。"),
        ("S13", "的谈话老师还没有核对上，可能是日期记错，请与老师核对后回复“已谈 日期”。"),
        ("S14", "谈话日期改为9月15日（周二），王芳老师已确认。"),
        ("S15", "已转告赵敏同志，支部会帮你联系。在此期间不再提醒你约谈。|不会发给老师"),
        ("S16", "没有看明白。与王芳老师的谈话，已经谈过了吗？"),
        ("S17", "你的培养联系人现为王芳老师，请主动约谈，最迟9月27日（周日）（含当天）。"),
        ("S19", "你与王芳老师的谈话改到9月15日（周二）。谈完后点“已谈话”，或回复“已谈 日期”。"),
        ("S20", "已转告孙丽同志，请与孙丽同志联系领取。"),
        ("C1", "本学期应发登记表：《入党积极分子和发展对象培养考察登记表》2份：|请发到每一位同学"),
        ("C2", "谈话进度：应谈26人|未谈名单：李明、李明（小教2401）。"),
        ("C3", "本周收回登记表并归档，应收2份|收到日期默认今天，可以改；收齐后核对签名和日期"),
        (
            "C4",
            "收表期限：最迟|尚未交表1人：|谈话：未谈2人：|缺导师记录或签名1人：|已收未归档1份：",
        ),
        ("C5", "提示：本学期谈话为“未谈”，请核对表上的谈话日期和签名。"),
        ("C6", "李明同学的登记表缺：|仍要归档请再点一次。"),
        ("C7", "回复还没有拿到登记表，请发给本人，并用 /forms（登记表）登记。"),
        ("B1", "需要你处理的：|已交表10份，待写党支部考察意见4份，已收未归档2份。"),
        ("B1", "老师已确认20人、等老师确认2人、待核实1人、未谈3人，共26人|详情发 /status（进度）"),
        ("B3", "以下事项已过9月30日（周三）：李明—未谈、未交表；|请你直接沟通；补办后登记"),
        ("B6", "的谈话暂时没有约成，请了解情况，帮助联系或另行安排。"),
        ("B8", "李明同学登记：9月15日（周二）与王芳老师谈过话。老师还没有开通，请核对后代记。"),
        (
            "E1",
            "学院党委办公室：本学期半年考察截止9月30日（周三）。逾期未完成：本科生第一党支部3项",
        ),
        (
            "unreached",
            "有提醒没有送到本人，请你当面或打电话转告。|收不到消息：李明。本人在与机器人",
        ),
        ("unreached", "没有送到：张三、王芳|不能确定是否送到：李明（小教2401）"),
        (
            "unhandled",
            "有发给机器人的消息没有处理成功。请你转告维护人员，用 yinlu doctor 查看原因。",
        ),
        ("G1", "本科生第一党支部本学期谈话共26人：|登记表已收10份。个人情况请私聊查询。"),
        ("guide_concrete", "如“小组讨论时常急于下结论，听取不同意见不够，今后应先听后说”。"),
        ("guide_ask", "“王芳老师，您好。我是小教2401的李明，想约您做本学期的半年考察谈话"),
        ("not_full_member", "培养联系人、入党介绍人应由正式党员担任，请另选。"),
        ("excluded", "这样安排不合适，请另选，或请学院党委办公室确认。"),
        ("relative", "这样安排一般不合适。如确有需要，请写明原因后确认。"),
        (
            "B2",
            "李明等2位新入党积极分子还没有培养联系人（应为一至两名正式党员）。对接支部"
            "|目前可分配7人，建议如下，请确定：",
        ),
        (
            "B2b",
            "李明等2位发展对象的入党介绍人还不足两名（应为两名正式党员，一般由培养联系人担任），"
            "建议如下，请确定：",
        ),
        ("third_contact", "培养联系人为一至两名，李明已有两名。如需更换，请先结束其中一位。"),
        ("third_introducer", "入党介绍人为两名，已满。"),
        ("unpaired_branch", "不是本科生第一党支部的对接支部。对接的是：|请由学院党委办公室确认。"),
        ("not_assigner", "分配由本科生第一党支部书记赵敏同志负责，请与他（她）联系。"),
        ("not_the_mentor", "只有李明的培养联系人或入党介绍人本人可以确认谈话。"),
        ("own_receipt", "登记表由组织委员孙丽同志收到后登记，请当面交给他（她）。"),
        ("day_future", "谈话日期不能晚于今天。"),
        ("day_before_term", "谈话日期不能早于本学期第一周（9月7日（周一））。"),
        ("receipt_future", "收到日期不能晚于今天。"),
        ("enrol_dead", "这个链接不能用了，请向支部书记要新的。"),
        (
            "write_for_me",
            "入党介绍人意见应由介绍人本人如实填写，系统不代写。|三层内容和注意事项。",
        ),
        ("backdate", "登记的日期按实际发生填写。补登记可以，系统会同时保留登记时间。"),
        ("unknown_policy", "这个问题我没有依据，不便回答，请向赵敏同志或学院党委办公室咨询。"),
        ("other_student", "抱歉，只能查询本人的情况。"),
        (
            "guide_contact",
            "1.向入党积极分子介绍党的基本知识；|4.向党支部提出能否将入党积极分子列为",
        ),
        ("guide_introducer", "1.向发展对象解释党的纲领、章程|5.在发展对象被批准为预备党员以后"),
    ],
)
def test_students_and_offices_read_the_policys_words(key: str, phrases: str) -> None:
    text = read(key)
    assert [phrase for phrase in phrases.split("|") if phrase not in text] == []


@pytest.mark.parametrize(
    ("key", "phrases"),
    [
        ("T1", "您联系的同学有2位：李明、张三。|主动约您。谈话后请发 /done（已谈）"),
        ("T1", "在登记表中如实填写考察记录、签名。|名单有误或近期不在校，请告诉赵敏同志。"),
        ("T2", "您联系的同学：未谈2位：|待核实1位：张三；等老师确认1位：李明，请您点按钮确认。"),
        ("T2", "已经谈过的请发 /done（已谈）；如方便，也请您留一个时间。"),
        ("T4", "本学期您联系的2位同学谈话和记录均已完成，材料已归档。感谢您的辛勤付出。"),
        ("T5", "经本科生第一党支部商定，拟请您担任李明同学（小教2401）的培养联系人。"),
        (
            "T5",
            "主要工作：每半年至少谈话、考察一次，如实填写考察记录。您是否同意？不便也没有关系。",
        ),
        ("T5b", "教育了解，指导填写《入党志愿书》，亲笔写介绍人意见，支部大会上介绍情况。"),
        ("T5b", "请您确认对该同学比较了解。您是否同意？不便也没有关系。"),
        ("T17", "拟请您担任李明同学的培养联系人，方便时请您答复，不便也没有关系。"),
        ("T9", "以下同学登记与您谈过话，请您确认。——本科生第一党支部\n李明同学，9月15日（周二）"),
        ("T10", "以下谈话登记，请您方便时确认。|李明同学，9月15日（周二）（9月16日（周三）登记）"),
        (
            "T11",
            "考察记录（思想认识、政治觉悟、工作经历、现实表现）并签名；有情况请向赵敏同志反映。",
        ),
        ("T12", "的谈话登记有疑问，可能是日期或姓名记错，已改为“待核实”，请核对。"),
        (
            "guide_writing",
            "一般写三层：|写您亲自了解的事；优点符合实际，缺点具体、切中要害，不只提希望。",
        ),
        ("guide_writing", "例文只供参考，请不要照抄。系统不代写意见。"),
        (
            "guide_writing",
            "本着对党组织负责、对被介绍人负责的态度|优点要概括得符合实际；缺点要具体",
        ),
        (
            "guide_concrete",
            "作为第二介绍人，请写自己的意见，不能只写“同意第一介绍人意见”。可以从您独有",
        ),
    ],
)
def test_teachers_read_the_policys_words(key: str, phrases: str) -> None:
    text = read(key, TEACHER)
    assert [phrase for phrase in phrases.split("|") if phrase not in text] == []


def test_the_samples_are_the_colleges_own_words_and_for_reference_only() -> None:
    text = read("guide_samples", TEACHER)
    for number, sample in enumerate((SAMPLE_1, SAMPLE_2), 1):
        body = [line.strip() for line in sample.splitlines()[1:] if line.strip()]
        assert "\n".join([f"例文{number}（仅供参考）", *body]) in text


def test_weeks_are_told_without_dates_before_the_first_term() -> None:
    text = read("guide_weeks", windows=None)
    assert "第二、三周学生主动约老师谈话" in text
    assert "本学期的日期还没有设定" in text


def test_undoing_a_whole_pile_counts_it_instead_of_naming_forty() -> None:
    assert read("undo_done", people=[STUDENT] * 6) == "已撤销：谈话登记（6人）。"


def test_disputed_student_is_asked_to_check_the_date_with_the_mentor() -> None:
    assert "你与王芳老师的谈话待核实，请与老师核对" in read("S2", state=TalkState.DISPUTED)
    assert "请与王芳老师核对谈话日期" in read("S3", state=TalkState.DISPUTED)


def test_student_without_mentor_is_told_that_one_is_being_found() -> None:
    assert "培养联系人正在确定，支部会通知你；登记表请交回" in read("S0", mentors=())
    assert "入党介绍人正在确定，支部会通知你；登记表请交回" in read("S0b", mentors=())


def test_student_with_two_mentors_reads_both_names() -> None:
    text = read("S1", mentors=(TEACHER, SECOND_TEACHER))
    assert "主动与王芳老师、欧阳静老师约定时间谈话" in text


def test_mentor_of_the_student_branch_is_called_a_comrade() -> None:
    assert "主动与张三同志约定时间谈话" in read("S1", mentors=(PROBATIONARY,))


def test_secretary_in_the_vacant_post_is_not_called_committee_member() -> None:
    assert "交给本科生第一党支部书记孙丽同志登记" in read("S4", secretary=COMMITTEE)
    assert "交给本科生第一党支部登记" in read("S4", committee=None)


def test_confirmed_form_needs_no_further_word() -> None:
    assert "支部会请老师确认" not in read("S6", state=TalkState.CONFIRMED)


def test_student_with_the_form_already_in_is_not_asked_for_it() -> None:
    assert read("S11", form_due=False, proxy=None) == "王芳老师已确认9月15日（周二）的谈话。"
    assert "登记表请尽快交给孙丽同志" in read("S11", today=PAST)


def test_mentor_who_is_enrolled_is_asked_while_the_other_is_recorded_for() -> None:
    both = (TEACHER, SECOND_TEACHER)
    text = read("S10b", mentors=both, not_enrolled=[SECOND_TEACHER])
    assert "已请老师确认；欧阳静老师还没有开通，已转赵敏同志核对后代记" in text
    assert "已请老师确认" not in read("S10b", not_enrolled=[TEACHER])


def test_talk_made_up_by_the_secretary_reads_as_arranged_without_a_date() -> None:
    assert "支部已与王芳老师联系好，请与老师约定时间谈话" in read("S19", day=None)


def test_mentor_hears_who_has_been_told() -> None:
    assert "，并已告诉李明同学。" in read("T11", TEACHER)
    assert "，并已告诉本人。" in read("T11", TEACHER, students=[STUDENT])
    assert "告诉" not in read("T11", TEACHER, told=[])


def test_secretary_with_papers_alone_reads_no_empty_list() -> None:
    nobody = dict.fromkeys(
        ("without_mentor", "few_introducers", "obstacles", "to_record", "disputed"), ()
    )
    given = facts(unanswered=[], consents=[], not_enrolled=[], not_handed_out=0) | nobody
    text = render(CATALOGUE, "B1", given).text
    assert "需要你处理的：待写党支部考察意见4份，已收未归档2份。" in text


def test_late_newcomer_is_not_sent_back_into_a_past_window() -> None:
    text = read("S0", today=DEADLINE)
    assert "请尽快主动约谈；登记表请交回，最迟今天，9月30日（周三）。" in text
    assert "登记表请尽快交回" in read("S0", today=PAST)
    assert "之间主动约谈" in read("S0", today=LAST_TALK_DAY)
    assert "还没有拿到，回复“没拿到表”" in read("S0", today=LAST_TALK_DAY)


@pytest.mark.parametrize(
    ("role", "command"),
    [
        ("student", "没拿到表"),
        ("mentor", "/done"),
        ("committee", "/forms"),
        ("secretary", "/link"),
        ("office", "各支部"),
    ],
)
def test_help_shows_each_role_its_own(role: str, command: str) -> None:
    assert command in read("help", roles=[role])
    keeps_forms_too = {"committee": "secretary"}.get(role)
    others = [
        one
        for one in ("student", "mentor", "committee", "secretary")
        if one not in {role, keeps_forms_too}
    ]
    if role != "office":
        assert command not in read("help", roles=others)


@pytest.mark.parametrize(
    "what",
    [
        *("claim", "confirmation", "denial", "objection", "done", "proxy", "obstacle"),
        *("obstacle_answer", "no_form", "handed_out", "received", "archived"),
    ],
)
def test_undo_says_what_was_taken_back(what: str) -> None:
    assert re.fullmatch(r"已撤销：.+（李明）。", read("undo_done", what=what))


def test_status_of_a_student_tells_talks_form_and_what_comes_next() -> None:
    said = read("status_student", obstacle=False, away_until=None, exempt=[], today=AHEAD)
    assert said.split("\n") == [
        "半年考察（2026-2027-1）",
        "谈话：与王芳老师，等老师确认（9月15日（周二））",
        "登记表：已发放（9月15日（周二））",
        "谈话时间：9月14日（周一）至9月27日（周日）",
        "交表：最迟9月30日（周三）（含当天），交给孙丽同志",
    ]


def test_status_of_the_college_has_a_line_for_each_branch() -> None:
    lines = read("status_office", pages=1).split("\n")
    assert lines[0] == "半年考察（2026-2027-1）第3周，各支部合计"
    assert lines[1] == (
        "本科生第一党支部：共26人，老师已确认20人，等老师确认2人，待核实1人，未谈3人；"
        "登记表已收10份；未开通2人"
    )


def test_record_says_what_an_undoing_undid_and_the_year_of_an_earlier_one() -> None:
    said = read("acts")
    assert "9月15日（周二）10:05 " in said
    assert "2025年9月8日（周一）09:00 系统：撤销代记" in said
