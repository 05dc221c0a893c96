"""Telegram's HTML: what it becomes, and what is refused."""

from __future__ import annotations

from contextlib import suppress
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rehearsal.botapi.entities import detected, formatted, utf16_length
from bot.rehearsal.botapi.errors import RefusedError


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("<b>李明</b>同学", "李明同学", [("bold", 0, 2)]),
        ("<strong>a</strong> <em>b</em>", "a b", [("bold", 0, 1), ("italic", 2, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("😀<u>x</u>", "😀x", [("underline", 2, 1)]),
        ("  <s> a </s>  ", "a", [("strikethrough", 0, 1)]),
        ("<b> </b>a", "a", []),
        ("&lt;b&gt; &amp; &quot;&#39;&#x4e2d;", "<b> & \"'中", []),
        ("a > b", "a > b", []),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
        ('<a href="https://t.me/x?start=1">x</a>', "x", [("text_link", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ('<pre><code class="language-py">x</code></pre>', "x", [("pre", 0, 1)]),
        ("<pre><code>x</code></pre>", "x", [("pre", 0, 1)]),
        ('<tg-emoji emoji-id="5">👍</tg-emoji>', "👍", [("custom_emoji", 0, 2)]),
        ("<b>回复 /done 即可</b>", "回复 /done 即可", [("bold", 0, 11)]),
        ("回复 /done 即可", "回复 /done 即可", [("bot_command", 3, 5)]),
    ],
)
def test_html_is_shown_as_plain_text_with_entities_in_utf16_units(
    source: str, text: str, entities: list[tuple[str, int, int]]
) -> None:
    shown = formatted(source, "HTML")
    assert shown.text == text
    assert [(e["type"], e["offset"], e["length"]) for e in shown.entities] == entities


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("<x>a</x>", 'Unsupported start tag "x" at byte offset 0'),
        ("王<div>", 'Unsupported start tag "div" at byte offset 3'),
        ("<1>", 'Unsupported start tag "1"'),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>a</b></i>", 'expected "</i>", found "</b>"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("a < b", "Unclosed start tag at byte offset 2"),
        ("<b", "Unclosed start tag"),
        ("R&D", "Unescaped"),
        ("a & b", "Unescaped"),
        ("&nbsp;", 'unknown entity "&nbsp;"'),
        ("&lt", "Unescaped"),
        ("&#xD800;", "unknown entity"),
        ("&#0;", "unknown entity"),
        ("&#9999999;", "unknown entity"),
        ('<a href="x">a</a>', "Wrong attributes"),
        ("<a>a</a>", "Wrong attributes"),
        ('<b class="x">a</b>', "Wrong attributes"),
        ("<span>a</span>", "Wrong attributes"),
        ('<code class="language-py">a</code>', "Wrong attributes"),
        ("<code><b>a</b></code>", "can't be nested"),
        ("<pre>a<i>b</i></pre>", "can't be nested"),
        ("<blockquote><blockquote>a</blockquote></blockquote>", "can't be nested in itself"),
        ("<b>x</b>" * 101, "too many entities"),
        ("\ud800", "UTF-8"),
    ],
)
def test_faulty_html_is_refused_with_the_place(source: str, complaint: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        formatted(source, "HTML")
    assert refusal.value.code == 400
    assert complaint in refusal.value.description


def test_only_html_is_spoken() -> None:
    with pytest.raises(RefusedError, match="unsupported parse_mode"):
        formatted("*a*", "MarkdownV2")


def test_without_a_parse_mode_nothing_is_a_tag() -> None:
    assert formatted("<b>a</b> & b", None).text == "<b>a</b> & b"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0")))
def test_escaped_text_arrives_as_it_was(text: str) -> None:
    assert formatted(escape(text), "HTML").text == text.strip()


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_shown_or_refused_and_never_breaks_the_server(text: str) -> None:
    with suppress(RefusedError):
        shown = formatted(f"<b>{text}</b>", "HTML")
        total = utf16_length(shown.text)
        assert all(0 <= e["offset"] < e["offset"] + e["length"] <= total for e in shown.entities)


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("/done", ["/done"]),
        ("/done 张三 9.22", ["/done"]),
        ("/done@yinlu_bot", ["/done@yinlu_bot"]),
        ("请用 /status", ["/status"]),
        ("/done张三", []),
        ("9/15", []),
        ("and/or", []),
        ("//done", []),
    ],
)
def test_commands_in_peoples_texts_are_found_as_telegram_finds_them(
    text: str, commands: list[str]
) -> None:
    found = [e for e in detected(text) if e["type"] == "bot_command"]
    assert [text[e["offset"] : e["offset"] + e["length"]] for e in found] == commands
