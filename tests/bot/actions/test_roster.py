"""The roster into the store and out of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.actions import roster as action
from bot.actions.departure import leave
from bot.actions.roster_report import SENTENCES, Counts, Report
from bot.desk import Desk
from bot.rules.eligibility import Reason
from bot.settings import Settings
from storage.documents import document
from storage.records import Calendar, Duty, Ending, Kind, Pairing, Person, Role, Stage
from storage.store import Store
from storage.workbook import read, write
from storage.workbook_rows import BranchRow, Fault, PairingRow, PersonRow, Roster
from tests.support.clock import StandingClock

AT = datetime(2026, 9, 7, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
LATER = datetime(2027, 3, 1, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
OURS, PAIRED, ELSEWHERE = "本科生第一党支部", "教工第一党支部", "教工第二党支部"


def student(number: str, name: str, stage: Stage = Stage.ACTIVIST, row: int = 0) -> PersonRow:
    return PersonRow(
        number=number, name=name, branch=OURS, kind=Kind.STUDENT, stage=stage, row=row
    )


def teacher(number: str, name: str, branch: str = PAIRED) -> PersonRow:
    return PersonRow(number=number, name=name, branch=branch, kind=Kind.TEACHER, stage=Stage.FULL)


def contact(of: str, mentor: str, row: int = 0) -> PairingRow:
    return PairingRow(student=of, mentor=mentor, role=Role.CONTACT, row=row)


def introducer(of: str, mentor: str, row: int = 0) -> PairingRow:
    return PairingRow(student=of, mentor=mentor, role=Role.INTRODUCER, row=row)


LI, ZHANG = student("S001", "李明"), student("S002", "张帆", Stage.CANDIDATE)
WANG, ZHAO, QIAN = teacher("T001", "王芳"), teacher("T002", "赵宁"), teacher("T003", "钱进")
FAR = teacher("T009", "何远", ELSEWHERE)
SMALL = Roster(
    branches=(
        BranchRow(name=OURS, kind=Kind.STUDENT, paired=(PAIRED,)),
        BranchRow(name=PAIRED, kind=Kind.TEACHER),
        BranchRow(name=ELSEWHERE, kind=Kind.TEACHER),
    ),
    people=(LI, ZHANG, WANG, ZHAO, QIAN, FAR),
    pairings=(contact("S001", "T001"), introducer("S002", "T001"), introducer("S002", "T002")),
)


def with_people(*people: PersonRow) -> Roster:
    """The small roster with these rows in place of those of the same number, or beside them."""
    rows = {person.number: person for person in (*SMALL.people, *people)}
    return replace(SMALL, people=tuple(rows.values()))


def without(*numbers: str) -> Roster:
    return replace(
        SMALL,
        people=tuple(person for person in SMALL.people if person.number not in numbers),
        pairings=tuple(p for p in SMALL.pairings if not {p.student, p.mentor} & set(numbers)),
    )


def imported(
    store: Store, roster: Roster, *, at: datetime = AT, remove_missing: bool = False
) -> Report:
    with store.transaction():
        report = action.apply(store, roster, at=at, remove_missing=remove_missing)
    assert report.faults == ()
    return report


@pytest.fixture
def store() -> Store:
    """A store that holds the small roster."""
    store = Store.in_memory()
    imported(store, SMALL)
    return store


def person(store: Store, number: str) -> Person:
    found = store.people.one("number", number)
    assert found is not None
    return found


def open_pairings(store: Store, number: str) -> list[Pairing]:
    return store.pairings.where("open_student", person(store, number).id)


def everything(store: Store) -> list[object]:
    tables = (store.people, store.branches, store.pairings, store.deeds)
    return [(record.id, document(record)) for table in tables for record in table]


def refusals(roster: Roster) -> list[str]:
    return [fault.sentence for fault in action.check(Store.in_memory(), roster).faults]


def warnings(roster: Roster) -> list[str]:
    report = action.check(Store.in_memory(), roster)
    assert report.faults == ()
    return [warning.sentence for warning in report.warnings]


# Import


def test_a_first_import_stores_branches_people_and_pairings() -> None:
    store = Store.in_memory()
    report = imported(store, SMALL)
    ours = store.branches.one("name", OURS)
    paired = store.branches.one("name", PAIRED)
    assert ours is not None
    assert paired is not None
    assert ours.paired == (paired.id,)
    li, wang = person(store, "S001"), person(store, "T001")
    assert (li.name, li.branch, li.stage) == ("李明", ours.id, Stage.ACTIVIST)
    (pairing,) = open_pairings(store, "S001")
    assert (pairing.mentor, pairing.role, pairing.until) == (wang.id, Role.CONTACT, None)
    assert report.lines() == [
        "支部：新增 3，变更 0，不变 0",
        "人员：新增 6，变更 0，不变 0",
        "结对：新增 3，变更 0，不变 0",
    ]


def test_importing_the_same_file_again_changes_nothing(store: Store) -> None:
    before = everything(store)
    report = imported(store, SMALL, at=LATER)
    assert everything(store) == before
    assert (report.people, report.pairings) == (Counts(unchanged=6), Counts(unchanged=3))


def test_a_changed_row_changes_the_person_and_keeps_the_id(store: Store) -> None:
    id = person(store, "S001").id
    moved = replace(LI, name="李鸣", stage=Stage.CANDIDATE, duties=(Duty.COMMITTEE,))
    report = imported(store, with_people(moved))
    li = person(store, "S001")
    assert (li.id, li.name, li.stage) == (id, "李鸣", Stage.CANDIDATE)
    assert store.people.where("duty", Duty.COMMITTEE) == [li]
    assert report.people == Counts(changed=1, unchanged=5)


def test_a_branch_keeps_its_group_when_its_row_changes(store: Store) -> None:
    ours = store.branches.one("name", OURS)
    assert ours is not None
    with store.transaction():
        store.branches.put(replace(ours, chat=-1001))
    both = replace(SMALL.branches[0], paired=(ELSEWHERE, PAIRED))
    report = imported(store, replace(SMALL, branches=(both, *SMALL.branches[1:])))
    changed = store.branches[ours.id]
    assert [store.branches[id].name for id in changed.paired] == [ELSEWHERE, PAIRED]
    assert changed.chat == -1001
    assert report.branches == Counts(changed=1, unchanged=2)


def test_a_branch_is_the_same_in_another_width_of_brackets(store: Store) -> None:
    wide = BranchRow(name="教工第三党支部（小教系）", kind=Kind.TEACHER)
    imported(store, replace(SMALL, branches=(*SMALL.branches, wide)))
    narrow = replace(wide, name="教工第三党支部(小教系)")
    report = imported(store, replace(SMALL, branches=(*SMALL.branches, narrow)))
    assert report.branches == Counts(changed=1, unchanged=3)
    assert len(store.branches) == 4


def test_an_absent_column_leaves_what_is_stored(store: Store) -> None:
    excluded = replace(QIAN, may_introduce=False, duties=(Duty.OFFICE,), class_name="x")
    imported(store, with_people(excluded))
    optional = frozenset({"may_introduce", "duties", "class_name", "paired", "since"})
    bare = tuple(replace(branch, paired=()) for branch in SMALL.branches)
    imported(store, replace(SMALL, branches=bare, absent=optional))
    assert not person(store, "T003").may_introduce
    assert person(store, "T003").duties == (Duty.OFFICE,)
    ours = store.branches.one("name", OURS)
    assert ours is not None
    assert len(ours.paired) == 1


def test_an_empty_cell_of_a_column_that_is_there_clears_it(store: Store) -> None:
    imported(store, with_people(replace(LI, class_name="小教1班")))
    imported(store, SMALL)
    assert person(store, "S001").class_name is None


def test_a_pairing_takes_a_new_date_and_keeps_the_old_one_where_none_is_given(
    store: Store,
) -> None:
    dated = replace(SMALL.pairings[0], since=date(2026, 3, 2))
    report = imported(store, replace(SMALL, pairings=(dated, *SMALL.pairings[1:])))
    assert report.pairings == Counts(changed=1, unchanged=2)
    imported(store, SMALL)
    assert open_pairings(store, "S001")[0].since == date(2026, 3, 2)


# What the file no longer lists


def test_people_no_longer_listed_are_reported_and_stay(store: Store) -> None:
    report = imported(store, without("S002", "T003"))
    assert report.people == Counts(unchanged=4, unlisted=2)
    assert report.lines()[1:] == [
        "人员：新增 0，变更 0，不变 4；名册未列出 2",
        "结对：新增 0，变更 0，不变 1",
        "人员未列出：张帆（S002）",
        "人员未列出：钱进（T003）",
    ]
    assert person(store, "S002").left is None


def test_remove_missing_marks_people_as_left_and_deletes_nothing(store: Store) -> None:
    report = imported(store, without("S002", "T003"), at=LATER, remove_missing=True)
    assert report.people == Counts(unchanged=4, unlisted=2, left=2)
    assert "人员：新增 0，变更 0，不变 4；名册未列出 2，标为离开 2" in report.lines()
    assert person(store, "S002").left == date(2027, 3, 1)
    assert len(store.people) == 6
    assert len(open_pairings(store, "S002")) == 2  # history stays as it was


def test_who_left_is_not_reported_again(store: Store) -> None:
    imported(store, without("T003"), remove_missing=True)
    assert imported(store, without("T003")).people == Counts(unchanged=5)


def test_who_left_and_is_listed_again_is_back(store: Store) -> None:
    imported(store, without("S002"), remove_missing=True)
    report = imported(store, SMALL)
    assert person(store, "S002").left is None
    assert report.people == Counts(changed=1, unchanged=5)
    assert report.pairings == Counts(unchanged=3)


def test_a_pairing_no_longer_listed_is_reported_and_stays(store: Store) -> None:
    report = imported(store, replace(SMALL, pairings=SMALL.pairings[:2]))
    assert report.pairings == Counts(unchanged=2, unlisted=1)
    assert report.lines()[-1] == "结对未列出：张帆（S002）—赵宁（T002）"
    assert len(open_pairings(store, "S002")) == 2


def test_remove_missing_ends_pairings_no_longer_listed(store: Store) -> None:
    fewer = replace(SMALL, pairings=SMALL.pairings[:2])
    report = imported(store, fewer, at=LATER, remove_missing=True)
    assert "结对：新增 0，变更 0，不变 2；名册未列出 1，结束 1" in report.lines()
    (ended,) = [pairing for pairing in store.pairings if pairing.until is not None]
    assert (ended.mentor, ended.until) == (person(store, "T002").id, date(2027, 3, 1))


def test_a_pairing_that_ended_and_is_listed_again_is_a_new_one(store: Store) -> None:
    imported(store, replace(SMALL, pairings=SMALL.pairings[:2]), remove_missing=True)
    assert imported(store, SMALL).pairings == Counts(added=1, unchanged=2)
    assert len(store.pairings) == 4


def test_a_branch_no_longer_listed_is_reported(store: Store) -> None:
    fewer = replace(without("T009"), branches=SMALL.branches[:2])
    report = imported(store, fewer)
    assert report.branches == Counts(unchanged=2, unlisted=1)
    assert f"支部未列出：{ELSEWHERE}" in report.lines()


def test_kinship_with_somebody_no_longer_listed_is_kept(store: Store) -> None:
    imported(store, with_people(replace(LI, relatives=("T003", "T002"))))
    imported(store, without("T003"), remove_missing=True)
    assert person(store, "S001").relatives == ("T003",)


def test_an_empty_roster_removes_nobody(store: Store) -> None:
    before = everything(store)
    with store.transaction():
        report = action.apply(store, Roster(), at=AT, remove_missing=True)
    assert [fault.sentence for fault in report.faults] == [
        "人员：一个人也没有，不能与 --remove-missing 一起使用"
    ]
    assert everything(store) == before


# The audit


def test_every_change_is_a_deed_of_one_batch_without_numbers(store: Store) -> None:
    first = list(store.deeds)
    assert {deed.batch for deed in first} == {first[0].id}
    assert {(deed.what, deed.by, deed.at) for deed in first} == {("roster", None, AT)}
    grown = with_people(replace(LI, stage=Stage.CANDIDATE, class_name="小教1班"))
    imported(store, replace(grown, pairings=SMALL.pairings[:2]), at=LATER, remove_missing=True)
    changed, ended = [deed for deed in store.deeds if deed.at == LATER]
    assert (changed.about, changed.why) == (person(store, "S001").id, "阶段、班级")
    assert (ended.table, ended.about) == ("pairings", person(store, "S002").id)
    assert changed.batch == ended.batch == changed.id
    documents = json.dumps([document(deed) for deed in store.deeds])
    assert not any(row.number in documents for row in SMALL.people)


def test_leaving_and_coming_back_are_deeds(store: Store) -> None:
    imported(store, without("T003"), remove_missing=True)
    imported(store, SMALL)
    qian = person(store, "T003").id
    whys = [deed.why for deed in store.deeds.where("about", qian)]
    assert whys == ["新列入", "不再列入", "重新列入"]


# Refusals


@pytest.mark.parametrize(
    ("roster", "sentence"),
    [
        (
            replace(SMALL, pairings=(contact("S001", "S001", 2),)),
            "结对 第2行 「导师编号」：写的是“S001”，学生和导师不能是同一个人。",
        ),
        (
            replace(SMALL, pairings=(contact("T001", "T002", 3),)),
            "结对 第3行 「学生编号」：写的是“T001”，王芳是教工，不能列为学生。",
        ),
        (
            replace(SMALL, pairings=(contact("S001", "S002", 2), contact("S001", "T001"))),
            "结对 第2行 「导师编号」：写的是“S002”，"
            "培养联系人、入党介绍人应由正式党员担任，请另选。",
        ),
        (
            replace(SMALL, pairings=(contact("S001", "T009", 2),)),
            "结对 第2行 「导师编号」：写的是“T009”，教工第二党支部不是本科生第一党支部的对接支部。"
            "对接的是：教工第一党支部。如需跨支部安排，请由学院党委办公室确认。",
        ),
        (
            replace(
                with_people(replace(QIAN, may_introduce=False)),
                pairings=(introducer("S002", "T003", 2),),
            ),
            "结对 第2行 「导师编号」：写的是“T003”，"
            "钱进同志目前不能担任入党介绍人，请确认后另行安排。",
        ),
        (
            replace(
                SMALL,
                pairings=tuple(contact("S001", f"T00{n}", n + 1) for n in (1, 2, 3)),
            ),
            "结对 第4行 「导师编号」：写的是“T003”，"
            "培养联系人为一至两名，李明已有两名。如需更换，请先结束其中一位。",
        ),
        (
            replace(
                SMALL,
                pairings=tuple(introducer("S002", f"T00{n}", n + 1) for n in (1, 2, 3)),
            ),
            "结对 第4行 「导师编号」：写的是“T003”，入党介绍人为两名，已满。",
        ),
    ],
)
def test_a_pairing_against_the_rules_is_refused_by_its_row(roster: Roster, sentence: str) -> None:
    assert refusals(roster) == [sentence]


def test_a_branch_without_faculty_branches_is_said_to_have_none() -> None:
    alone = (replace(SMALL.branches[0], paired=()), *SMALL.branches[1:])
    sentence = refusals(replace(SMALL, branches=alone))[0]
    assert "对接的是：（未填写）" in sentence


def test_faults_of_the_file_and_of_the_rules_are_told_together_and_nothing_changes(
    store: Store,
) -> None:
    before = everything(store)
    of_file = [
        Fault(None, None, None, None, "x"),
        Fault("结对", 9, "身份", "?", "y"),
        Fault("人员", 3, "阶段", "?", "z"),
    ]
    wrong = replace(with_people(student("S003", "新人")), pairings=(contact("S001", "T009", 2),))
    with store.transaction():
        report = action.apply(store, wrong, of_file, at=AT)
    places = [(fault.sheet, fault.row) for fault in report.faults]
    assert places == [(None, None), ("人员", 3), ("结对", 2), ("结对", 9)]
    assert report.lines()[-1] == "共 4 处需要改正，没有作任何改动。"
    assert not report.accepted
    assert everything(store) == before


def test_rows_that_refer_to_rows_at_fault_are_passed_over() -> None:
    lost = replace(SMALL, branches=SMALL.branches[:1])  # the faculty branches could not be read
    report = action.check(Store.in_memory(), lost)
    assert report.faults == ()
    assert report.people == Counts(added=2)
    assert report.pairings == Counts()


def test_a_mentor_who_stays_because_the_file_is_silent_counts_as_one(store: Store) -> None:
    others = (contact("S001", "T002", 2), contact("S001", "T003", 3))
    moved = replace(SMALL, pairings=(*others, *SMALL.pairings[1:]))
    assert [fault.row for fault in action.check(store, moved).faults] == [3]
    assert action.check(store, moved, remove_missing=True).faults == ()


def test_a_mentor_who_left_no_longer_counts(store: Store) -> None:
    imported(store, without("T001"), remove_missing=True)
    others = (contact("S001", "T002"), contact("S001", "T003"))
    gone = without("T001")
    assert action.check(store, replace(gone, pairings=(*others, *gone.pairings))).faults == ()


def test_history_is_no_fault_when_people_move_on() -> None:
    """A24, R32: rows of a former stage may stay in the file."""
    contacts = tuple(contact("S001", f"T00{n}") for n in (1, 2, 3))
    for stage in (Stage.PROBATIONARY, Stage.FULL):
        moved = with_people(replace(LI, stage=stage))
        assert warnings(replace(moved, pairings=contacts)) == []


# Warnings


def test_a_relative_is_warned_of() -> None:
    assert warnings(with_people(replace(LI, relatives=("T001",)))) == [
        "结对 「导师编号」：写的是“T001”，王芳同志与发展对象是亲属，一般不宜作入党介绍人。"
    ]


def test_an_excluded_contact_is_warned_of() -> None:
    roster = replace(
        with_people(replace(QIAN, may_introduce=False)), pairings=(contact("S001", "T003", 2),)
    )
    assert warnings(roster) == [
        "结对 第2行 「导师编号」：写的是“T003”，"
        "钱进同志目前不能担任入党介绍人；培养联系人一般会担任入党介绍人，请留意。"
    ]


def test_a_student_without_any_teacher_is_warned_of_once() -> None:
    peers = (student("S008", "孙立", Stage.FULL), student("S009", "周文", Stage.FULL))
    pairs = (contact("S001", "S008", 2), contact("S001", "S009", 3))
    assert warnings(replace(with_people(*peers), pairings=pairs)) == [
        "结对 第2行 「学生编号」：写的是“S001”，李明的培养联系人、入党介绍人中没有教工党员。"
    ]


def test_a_student_in_a_faculty_branch_is_warned_of() -> None:
    report = action.check(
        Store.in_memory(), with_people(replace(student("S003", "新人", row=5), branch=PAIRED))
    )
    assert report.lines()[0] == (
        f"请留意：人员 第5行 「支部」：写的是“{PAIRED}”，"
        "学生一般在学生支部，这样不会出现在任何学生支部的进度里"
    )


def test_every_reason_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Reason)


# Check, report, export


def test_a_check_says_what_an_import_would_do_and_changes_nothing(store: Store) -> None:
    before = everything(store)
    report = action.check(store, without("S002"), remove_missing=True)
    assert report.people == Counts(unchanged=5, unlisted=1, left=1)
    assert everything(store) == before


def test_the_report_in_json_names_people_by_number(store: Store) -> None:
    fewer = replace(without("T009"), branches=SMALL.branches[:2], pairings=SMALL.pairings[:2])
    report = action.check(store, fewer, [Fault("人员", 3, "阶段", "?", "应为 …")])
    told = json.loads(json.dumps(report.as_json()))
    assert told["accepted"] is False
    assert told["faults"][0]["text"] == "人员 第3行 「阶段」：写的是“?”，应为 …"
    assert told["unlisted"] == {
        "branches": [ELSEWHERE],
        "people": ["T009"],
        "pairings": [{"student": "S002", "mentor": "T002", "as": "introducer"}],
    }
    assert told["people"] == {
        **{"added": 0, "changed": 0, "unchanged": 5},
        **{"unlisted": 1, "left": 0},
    }


def test_an_export_leaves_out_who_left_and_what_ended(store: Store) -> None:
    imported(store, with_people(replace(LI, relatives=("T001", "T003"))))
    fewer = replace(without("T001"), pairings=(introducer("S002", "T002"),))
    imported(store, fewer, remove_missing=True)
    exported = action.export(store)
    assert {row.number for row in exported.people} == {"S001", "S002", "T002", "T003", "T009"}
    assert exported.pairings == (introducer("S002", "T002"),)
    assert all(row.relatives == () for row in exported.people)


COLLEGE_NUMBERS = [row.number for row in SMALL.people]


@st.composite
def stores(draw: st.DrawFn) -> Store:
    """A store after an import, with some people and pairings gone by a second one."""
    people = tuple(
        replace(
            row,
            duties=tuple(draw(st.permutations(list(Duty)))[: draw(st.integers(0, 2))]),
            class_name=draw(st.sampled_from([None, "=小教1班", "2024级 A班"])),
            stage_since=draw(st.none() | st.dates(date(2024, 1, 1), date(2026, 9, 1))),
            relatives=tuple(draw(st.lists(st.sampled_from(COLLEGE_NUMBERS), max_size=2))),
        )
        for row in SMALL.people
    )
    pairings = tuple(
        replace(row, since=draw(st.none() | st.just(date(2026, 3, 2)))) for row in SMALL.pairings
    )
    store = Store.in_memory()
    imported(store, replace(SMALL, people=people, pairings=pairings))
    gone = draw(st.sets(st.sampled_from(COLLEGE_NUMBERS), max_size=3))
    kept = replace(without(*gone), absent=frozenset({"duties", "relatives", "stage_since"}))
    imported(store, kept, remove_missing=draw(st.booleans()))
    return store


@given(stores())
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_importing_an_export_again_changes_nothing(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "roster.xlsx"
    write(path, action.export(store))
    exported, faults = read(path)
    before = everything(store)
    for remove_missing in (False, True):
        with store.transaction():
            report = action.apply(store, exported, faults, at=LATER, remove_missing=remove_missing)
        assert report.faults == ()
        assert everything(store) == before


# What stays although the file does not list it


def kept(*pairs: PairingRow, people: tuple[PersonRow, ...] = SMALL.people) -> Roster:
    return replace(SMALL, people=people, pairings=pairs)


def stays_unfit(roster: Roster, store: Store) -> list[str]:
    before = everything(store)
    with store.transaction():
        faults = action.apply(store, roster, at=LATER).faults
    assert everything(store) == before
    return [fault.sentence for fault in faults]


def test_pairing_that_stays_is_refused_once_its_mentor_may_not_introduce(store: Store) -> None:
    people = tuple(replace(p, may_introduce=p.number != "T002") for p in SMALL.people)
    assert stays_unfit(kept(people=people), store) == [
        "结对：名册没有列出的结对张帆—赵宁将不合规定（目前不能担任入党介绍人），请先更换或结束，再导入"
    ]


def test_pairing_that_stays_is_refused_where_the_branch_map_no_longer_has_it(store: Store) -> None:
    ours = replace(SMALL.branches[0], paired=(ELSEWHERE,))
    roster = Roster(branches=(ours, *SMALL.branches[1:]), people=(), pairings=())
    assert len(stays_unfit(roster, store)) == 3
    assert "不是对接支部" in stays_unfit(roster, store)[0]


def test_mentor_who_left_is_judged_again_when_he_comes_back(store: Store) -> None:
    imported(store, without("T001"), remove_missing=True)
    back = replace(WANG, branch=ELSEWHERE)
    roster = Roster(branches=SMALL.branches, people=(back,), pairings=())
    assert len(stays_unfit(roster, store)) == 2


# Transfer in


def test_who_comes_in_keeps_the_old_dates(store: Store) -> None:
    since = date(2025, 3, 3)
    newcomer = replace(student("S009", "周远"), stage_since=since)
    dated = replace(contact("S009", "T001"), since=date(2025, 4, 1))
    with_newcomer = with_people(newcomer)
    imported(store, replace(with_newcomer, pairings=(*SMALL.pairings, dated)), at=LATER)
    assert person(store, "S009").stage_since == since
    assert [one.since for one in open_pairings(store, "S009")] == [date(2025, 4, 1)]


def test_who_was_sent_away_and_comes_back_is_the_same_person_with_history(store: Store) -> None:
    desk = Desk(store, StandingClock(LATER), Settings(), Calendar())
    li = person(store, "S001")
    (former,) = open_pairings(store, "S001")
    with store.transaction():
        leave(desk, [li], LATER.date(), Ending.LEFT, li.id)
    assert open_pairings(store, "S001") == []
    dated = replace(contact("S001", "T001"), since=date(2026, 3, 2))
    imported(store, replace(SMALL, pairings=(dated, *SMALL.pairings[1:])), at=LATER)
    again = person(store, "S001")
    assert (again.id, again.left) == (li.id, None)
    ended, begun = store.pairings.where("student", li.id)
    assert (ended.id, ended.ended) == (former.id, Ending.LEFT)
    assert (begun.since, begun.until) == (date(2026, 3, 2), None)
