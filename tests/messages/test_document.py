"""The registration forms as Word files, reopened: what is filled in, what stays empty, whose template it is."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.section import WD_SECTION_START
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from messages import document, form_layout
from messages.document import FOLDER, PLACEHOLDERS, TemplateFault, check, filled
from messages.registration import BOXES, FormMentor, Registration, values
from storage.records import Duty, FormKind
from tests.support.word import lines

KINDS = list(FormKind)
TITLES = {
    FormKind.ACTIVIST: "入党积极分子和发展对象培养考察登记表",
    FormKind.PROBATIONARY: "预备党员考察登记表",
}
WANG = FormMentor(name="王芳", branch="教工第一党支部", duties=(Duty.SECRETARY,))
WU = FormMentor(name="吴静", branch="教工第五党支部", is_full=False)


def student(
    kind: FormKind = FormKind.ACTIVIST, name: str = "李明", **changed: Any
) -> Registration:
    known: dict[str, Any] = {
        "branch": "本科生第一党支部",
        "class_name": "小教2401",
        "rounds": (("2025-2026-2", date(2026, 4, 1)), ("2026-2027-1", None)),
        "mentors": (WANG, WU),
        "accepted": date(2026, 3, 2),
        "ends": date(2027, 3, 1),
    }
    return Registration(kind=kind, name=name, **{**known, **changed})


def form(kind: FormKind = FormKind.ACTIVIST, *each: Registration, own: Path | None = None) -> str:
    return "\n".join(lines(filled(kind, own, each or (student(kind),))))


# what is filled in


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_known_stands_on_the_form_and_nothing_is_left_of_a_placeholder(
    kind: FormKind,
) -> None:
    text = form(kind)
    for known in ("李明", "小教2401", "本科生第一党支部", "王芳", "教工第一党支部", "2025—2026学年第二学期",
                  "2026年4月1日", "2026—2027学年第一学期"):  # fmt: skip
        assert known in text
    assert "{" not in text
    assert "None" not in text


def test_the_title_is_the_forms_own() -> None:
    for kind in KINDS:
        assert TITLES[kind] in form(kind).replace("\n", "")


def test_introducers_stand_with_branch_duty_and_membership_and_the_probation_with_its_days() -> (
    None
):
    found = values(student(FormKind.PROBATIONARY))
    assert (found["介绍人1职务"], found["介绍人1正式党员"]) == ("书记", "是")
    assert (found["介绍人2职务"], found["介绍人2正式党员"]) == ("", "否")
    assert "2026年3月2日至2027年3月1日" in form(FormKind.PROBATIONARY)


def test_number_is_on_paper_only_where_it_is_given() -> None:
    assert "学号\n\n" in form()
    assert "学号\n20240001" in form(FormKind.ACTIVIST, student(number="20240001"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_of_somebody_of_whom_little_is_known_is_full_of_room(kind: FormKind) -> None:
    bare = Registration(kind=kind, name="李明", branch="本科生第一党支部")
    assert {key for key, word in values(bare).items() if word} == {"姓名", "支部"}
    assert "李明" in form(kind, bare)


@pytest.mark.parametrize("kind", KINDS)
def test_every_placeholder_has_a_value_and_stands_in_the_neutral_template(kind: FormKind) -> None:
    assert set(values(student(kind))) == PLACEHOLDERS[kind]
    marked = "".join(lines((FOLDER / f"{kind}.docx").read_bytes()))
    offered = PLACEHOLDERS[kind] - ({"学号"} if kind is FormKind.PROBATIONARY else set())
    assert {name for name in PLACEHOLDERS[kind] if f"{{{{{name}}}}}" in marked} == offered


def test_a_round_with_a_name_of_its_own_keeps_it() -> None:
    assert values(student(rounds=(("秋季", None),)))["期间1"] == "秋季"


def test_opinions_and_signatures_stay_empty() -> None:
    """Each signature line ends in a date to be written; no day of ours gets there."""
    for kind in KINDS:
        signed = [line for line in form(kind).splitlines() if "签名：" in line]
        assert len(signed) >= 2 * BOXES[kind]
        assert all(line.rstrip().endswith("年    月    日") for line in signed)


@pytest.mark.parametrize("kind", KINDS)
def test_there_is_no_footer_and_no_trace_of_the_bot(kind: FormKind) -> None:
    file = docx.Document(io.BytesIO(filled(kind, None, [student(kind)])))
    assert not any(one.text for section in file.sections for one in section.footer.paragraphs)
    assert (file.core_properties.author, file.core_properties.comments) == ("", "")


@pytest.mark.parametrize("name", ["<b>李明</b>", "A&B", "䶮𠮷", "{{姓名}}", "{% if %}"])
def test_odd_names_are_names(name: str) -> None:
    assert name in form(FormKind.ACTIVIST, student(name=name)).split("\n")


def test_marks_that_turn_a_line_around_do_not_reach_the_paper() -> None:
    assert "\n李明\n" in form(FormKind.ACTIVIST, student(name="\u202e李\u200f明"))


# many in one file


def test_each_person_begins_on_the_front_of_a_sheet() -> None:
    each = [student(name=name) for name in ("李明", "王小雨", "赵一")]
    file = docx.Document(io.BytesIO(filled(FormKind.ACTIVIST, None, each)))
    assert [one.start_type for one in file.sections] == [WD_SECTION_START.ODD_PAGE] * 3
    text = "".join(file.element.body.itertext())
    assert text.index("李明") < text.index("王小雨") < text.index("赵一")


def test_many_forms_hold_what_single_ones_hold() -> None:
    each = [student(name=name) for name in ("李明", "王小雨")]
    ends = ""  # the small paragraph in which the first form ends
    together = lines(filled(FormKind.ACTIVIST, None, each))
    alone = [lines(filled(FormKind.ACTIVIST, None, [one])) for one in each]
    assert together == [*alone[0], ends, *alone[1]]


# templates


@pytest.mark.parametrize("kind", KINDS)
def test_the_neutral_templates_are_what_the_layout_says(kind: FormKind) -> None:
    kept, made = (FOLDER / f"{kind}.docx").read_bytes(), form_layout.template(kind)
    for part in ("word/document.xml", "word/styles.xml"):
        kept_part, made_part = (
            zipfile.ZipFile(io.BytesIO(one)).read(part) for one in (kept, made)
        )
        assert kept_part == made_part, "run python -m messages.form_layout"


def test_the_layout_writes_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_layout, "FOLDER", tmp_path)
    form_layout.main()
    assert {one.name for one in tmp_path.iterdir()} == {f"{kind}.docx" for kind in KINDS}


def own_template(
    folder: Path, *lines: str, kind: FormKind = FormKind.ACTIVIST, header: str = ""
) -> Path:
    file = docx.Document()
    for line in lines:
        file.add_paragraph(line)
    if header:
        file.sections[0].header.paragraphs[0].text = header
    path = folder / f"{TITLES[kind]}.docx"
    file.save(str(path))
    return path


def test_the_offices_own_template_is_taken_instead(tmp_path: Path) -> None:
    own_template(tmp_path, "学院自己的表", "{{ 姓名 }}，{{支部}}")
    check(tmp_path)
    assert form(own=tmp_path) == "学院自己的表\n李明，本科生第一党支部"
    assert "预备期起止日期" in form(FormKind.PROBATIONARY, own=tmp_path)


def test_a_placeholder_torn_apart_by_word_is_found(tmp_path: Path) -> None:
    path = own_template(tmp_path, "")
    file = docx.Document(str(path))
    paragraph = file.paragraphs[0]
    for piece in ("{", "{姓", "名}", "}"):
        paragraph.add_run(piece)
    file.save(str(path))
    check(tmp_path)
    assert form(own=tmp_path) == "李明"


def test_what_may_stand_once_in_a_file_is_not_copied(tmp_path: Path) -> None:
    path = own_template(tmp_path, "{{姓名}}")
    file = docx.Document(str(path))
    mark = OxmlElement("w:bookmarkStart")
    mark.set(qn("w:id"), "1")
    mark.set(qn("w:name"), "x")
    file.paragraphs[0]._p.append(mark)
    paragraph = file.paragraphs[0]._p
    paragraph.set("{http://schemas.microsoft.com/office/word/2010/wordml}paraId", "0000AAAA")
    picture = OxmlElement("wp:docPr")
    picture.set("id", "7")
    file.paragraphs[0].add_run()._r.append(picture)
    file.save(str(path))
    each = [student(name="李明"), student(name="王小雨")]
    xml = zipfile.ZipFile(io.BytesIO(filled(FormKind.ACTIVIST, tmp_path, each))).read(
        "word/document.xml"
    )
    assert xml.count(b"bookmarkStart") == 1
    assert xml.count(b"0000AAAA") == 1
    assert xml.count(b'<wp:docPr id="1"') == xml.count(b'<wp:docPr id="2"') == 1


def test_without_a_folder_or_with_an_open_word_beside_there_is_nothing_wrong(
    tmp_path: Path,
) -> None:
    check(tmp_path / "nothing")
    (tmp_path / "~$预备党员考察登记表.docx").write_bytes(b"lock")
    (tmp_path / ".DS_Store").write_bytes(b"x")
    check(tmp_path)


def fault(folder: Path) -> str:
    with pytest.raises(TemplateFault) as found:
        check(folder)
    assert "\n" not in str(found.value)
    return str(found.value)


def test_unknown_placeholders_are_named_with_those_that_may_be_used(tmp_path: Path) -> None:
    own_template(tmp_path, "{{姓名}}{{手机号}}{{ 籍贯 }}")
    said = fault(tmp_path)
    assert said.startswith(
        "templates/入党积极分子和发展对象培养考察登记表.docx：不认识的占位符 {{手机号}}、{{籍贯}}。可以用的："
    )
    assert "谈话日期1" in said


def test_placeholder_of_the_other_form_is_unknown(tmp_path: Path) -> None:
    own_template(tmp_path, "{{联系人1}}", kind=FormKind.PROBATIONARY)
    assert "{{联系人1}}" in fault(tmp_path)


@pytest.mark.parametrize("line", ["{{姓名", "{% for %}", "{{姓 名}}", "{{姓名|无此}}"])
def test_a_placeholder_that_is_mistyped_is_said(tmp_path: Path, line: str) -> None:
    own_template(tmp_path, line)
    assert "占位符写法有误" in fault(tmp_path)


def test_a_file_that_is_no_word_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "预备党员考察登记表.docx").write_bytes(b"not a zip")
    assert fault(tmp_path) == (
        "templates/预备党员考察登记表.docx：打不开，应为 Word 文档（.docx）"
    )


def test_a_template_under_another_name_is_said(tmp_path: Path) -> None:
    (tmp_path / "登记表.docx").write_bytes(b"")
    assert fault(tmp_path).startswith("templates/登记表.docx：不认识的模板，应为 入党积极分子")


def test_a_placeholder_in_the_header_is_refused_for_many_forms_share_it(tmp_path: Path) -> None:
    own_template(tmp_path, "{{姓名}}", header="{{姓名}}")
    assert fault(tmp_path).endswith("页眉、页脚里不能有占位符，请移到正文")
    own_template(tmp_path, "{{姓名}}", header="本科生党支部")
    check(tmp_path)


def test_a_template_cannot_reach_beyond_its_values(tmp_path: Path) -> None:
    own_template(tmp_path, "{{ 姓名.__class__.__mro__ }}")
    with pytest.raises(Exception, match="unsafe"):
        filled(FormKind.ACTIVIST, tmp_path, [student()])


def test_the_file_is_named_after_branch_and_form() -> None:
    name = document.name_of("本科生第一党支部", FormKind.PROBATIONARY)
    assert name == "本科生第一党支部预备党员考察登记表.docx"
