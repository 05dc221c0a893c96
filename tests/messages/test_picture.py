"""The picture of /status: what stands in it, whether it can be read, and that names stay names."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages import drawing
from messages.facts import TALK_WORDS
from messages.picture import BAR, COLOURS, INNER, LEAST, Bar, Picture, svg, width_of, widths
from storage.records import TalkState

SVG = "{http://www.w3.org/2000/svg}"
PNG = b"\x89PNG\r\n\x1a\n"
STATES = (TalkState.CONFIRMED, TalkState.CLAIMED, TalkState.DISPUTED, TalkState.NONE)
counts = st.tuples(*[st.integers(0, 10_000)] * 4)


def bar(*talk: int, label: str = "本科生第一党支部", received: int = 0) -> Bar:
    return Bar(label=label, talk=dict(zip(STATES, talk, strict=True)), received=received)


def picture(*bars: Bar, title: str = "各支部进度") -> Picture:
    return Picture(title=title, subtitle="第3周　截至9月22日（周二）10:05", bars=bars)


def texts(drawn: str) -> list[str]:
    return [one.text or "" for one in ElementTree.fromstring(drawn).iter(f"{SVG}text")]  # noqa: S314 - our own text


def test_a_bar_says_every_number_its_name_and_the_forms_that_are_in() -> None:
    said = texts(svg(picture(bar(20, 9, 1, 22, received=36))))
    assert said == [
        "各支部进度",
        "第3周　截至9月22日（周二）10:05",
        *TALK_WORDS.values(),
        "登记表 36/52",
        "本科生第一党支部",
        *("20", "9", "1", "22"),
    ]


def test_a_branch_without_students_has_an_empty_bar_that_says_so() -> None:
    said = texts(svg(picture(bar(0, 0, 0, 0))))
    assert said[-3:] == ["登记表 0/0", "本科生第一党支部", "0人"]


def test_a_state_of_nobody_takes_no_room() -> None:
    assert list(widths(bar(1, 0, 0, 51).talk)) == [TalkState.CONFIRMED, TalkState.NONE]


@given(counts)
def test_parts_fill_the_bar_and_each_has_room_for_its_number(talk: tuple[int, ...]) -> None:
    found = widths(bar(*talk).talk)
    if found:
        assert sum(found.values()) == pytest.approx(INNER + 4)
    for state, width in found.items():
        assert width - 4 >= width_of(str(bar(*talk).talk[state]), 36)


@pytest.mark.parametrize(
    "label", ["研究生<b>第一</b>党支部", "甲&乙", 'x"/><script>', "]]>", "\x00\x0b甲"]
)
def test_whatever_a_name_holds_is_text(label: str) -> None:
    clean = label.replace("\x00", "").replace("\x0b", "")
    root = ElementTree.fromstring(svg(picture(bar(1, 1, 1, 1, label=label))))  # noqa: S314 - our own text
    assert {one.tag for one in root.iter()} == {f"{SVG}svg", f"{SVG}rect", f"{SVG}text"}
    assert clean in [one.text for one in root.iter(f"{SVG}text")]


@given(st.text(max_size=60))
def test_any_name_at_all_gives_a_well_formed_picture_inside_its_room(label: str) -> None:
    root = ElementTree.fromstring(svg(picture(bar(1, 2, 3, 4, label=label), title=label)))  # noqa: S314 - our own text
    for one in root.iter(f"{SVG}text"):
        assert width_of(one.text or "", float(one.attrib["font-size"])) <= INNER


def test_marks_that_turn_the_direction_of_writing_are_left_out() -> None:
    said = texts(svg(picture(bar(1, 1, 1, 1, label="第一\u202e党\u200f支\u2066部"))))
    assert "第一党支部" in said


def test_what_no_document_may_hold_is_left_out_of_a_name_too() -> None:
    """XML forbids it, so that the whole drawing could not be read."""
    assert "第一党支部" in texts(svg(picture(bar(1, 1, 1, 1, label="第一\uffff党支部"))))


def test_of_long_names_both_ends_stay() -> None:
    name = "学前教育专业二〇二三级和二〇二四级硕士研究生联合"
    said = texts(
        svg(
            picture(
                bar(1, 0, 0, 0, label=f"{name}第一党支部"),
                bar(1, 0, 0, 0, label=f"{name}第二党支部"),
            )
        )
    )
    shown = [one for one in said if "…" in one]
    assert [one[:6] for one in shown] == ["学前教育专业"] * 2
    assert [one[-6:] for one in shown] == ["合第一党支部", "合第二党支部"]


def test_nothing_is_written_smaller_than_a_phone_shows() -> None:
    drawn = svg(picture(bar(1, 1, 1, 1, label="很长的名字" * 9), title="很长的题目" * 20))
    sizes = {float(one) for one in re.findall(r'font-size="([\d.]+)"', drawn)}
    assert min(sizes) >= LEAST
    assert BAR >= 2 * 30


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_colours_differ_in_brightness_and_numbers_stand_out_from_them() -> None:
    fills = [fill for fill, _ in COLOURS.values()]
    assert list(COLOURS) == list(TALK_WORDS)
    assert fills == sorted(fills, key=luminance)
    assert all(contrast(one, other) >= 1.5 for one, other in pairwise(fills))
    assert all(contrast(fill, ink) >= 4.5 for fill, ink in COLOURS.values())


def test_the_drawing_is_a_png_of_1080_pixels_with_something_on_it() -> None:
    drawn = drawing.png(svg(picture(bar(20, 9, 1, 22))))
    assert drawn.startswith(PNG)
    assert int.from_bytes(drawn[16:20]) == 1080
    assert len(drawn) > 5_000


@pytest.mark.parametrize("rare", ["䶮", "𠮷", "㛃", "龘", "镕"])
def test_a_rare_character_is_drawn_and_not_a_box(rare: str) -> None:
    def label(text: str) -> bytes:
        return drawing.png(svg(picture(bar(0, 0, 0, 0, label=text))))

    in_no_font = "\U0002ceb0"
    assert label(rare) != label(in_no_font)
    assert label(rare) != label("")


def test_without_a_font_nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "PACKAGE", "no_such_package")
    with pytest.raises(drawing.NoFontError):
        drawing.png(svg(picture(bar(1, 1, 1, 1))))
