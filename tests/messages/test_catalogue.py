"""What the catalogue refuses at start, naming file and key."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from messages.catalogue import Catalogue, CatalogueError
from messages.render import render
from tests.messages.sample import facts


def overrides(folder: Path, source: str) -> Path:
    path = folder / "messages.toml"
    path.write_text(source, encoding="utf-8")
    return path


def load_instead(monkeypatch: pytest.MonkeyPatch, folder: Path, **files: str) -> Catalogue:
    """A catalogue of these files alone, read from a package folder of our own."""
    (folder / "zh").mkdir()
    for name, source in {"buttons": 'talked = "已谈话"', "commands": "", **files}.items():
        (folder / "zh" / f"{name}.toml").write_text(source, encoding="utf-8")
    monkeypatch.setattr("messages.catalogue.resources.files", lambda _: folder)
    return Catalogue.load()


def test_the_built_in_texts_load() -> None:
    assert {"S1", "T9", "C3", "B1", "E1", "G1"} <= Catalogue.load().entries.keys()


def test_a_start_that_trusts_the_built_in_texts_finds_the_same_ones() -> None:
    checked, trusting = Catalogue.load(), Catalogue.load(trusts_ours=True)
    assert trusting.labels == checked.labels
    for key, entry in checked.entries.items():
        same = replace(trusting.entries[key], body=entry.body, signature=entry.signature)
        assert same == entry


def test_every_command_of_the_menu_fits_telegram() -> None:
    commands = Catalogue.load().commands
    assert commands
    assert all(1 <= len(words) <= 256 for words in commands.values())


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ('[A]\ntext = "{{ day | day }}"', r"texts\.toml \[A\].*day"),
        ('[A]\ntext = "好"\nneeds = ["day"]', r"texts\.toml \[A\].*day"),
        ('[A]\ntext = "好"\ngreet = true', r"texts\.toml \[A\].*to"),
        ('[A]\ntext = "好"\nsign = "{{ branch }}"', r"texts\.toml \[A\].*branch"),
        ('[A]\ntext = "好"\nbuttons = [["nope"]]', r"texts\.toml \[A\]: unknown button nope"),
        ('[A]\ntext = "好"\ntone = "kind"', r"texts\.toml \[A\]: expected"),
        ('[A]\nneeds = ["day"]', r"texts\.toml \[A\]: expected"),
        ('A = "好"', r"texts\.toml \[A\]: expected"),
        ('[A]\ntext = "{{ day"', r"texts\.toml \[A\]"),
        ('[A]\ntext = "{{ 1 | shout }}"', r"texts\.toml \[A\].*shout"),
        (f'[A]\ntext = "{"好" * 4097}"', r"texts\.toml \[A\]：超过 4090"),
        (f'[A]\nalert = true\ntext = "{"好" * 201}"', r"texts\.toml \[A\]：超过 200"),
        ('[A]\ntext = "好"\n[A]', r"texts\.toml: "),
    ],
)
def test_a_faulty_text_is_refused_by_file_and_key(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, source: str, complaint: str
) -> None:
    with pytest.raises(CatalogueError, match=complaint):
        load_instead(monkeypatch, tmp_path, texts=source)


def test_one_key_in_two_files_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    entry = '[A]\ntext = "好"'
    with pytest.raises(CatalogueError, match=r"texts\.toml \[A\]: duplicate key"):
        load_instead(monkeypatch, tmp_path, first=entry, texts=entry)


def test_the_office_can_replace_a_text(tmp_path: Path) -> None:
    path = overrides(tmp_path, '[S14]\ntext = "{{ mentor.titled }}已确认{{ day | day }}。"')
    said = render(Catalogue.load(path), "S14", facts())
    assert said.text == "王芳老师已确认9月15日（周二）。"


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ('[S99]\ntext = "好"', r"messages\.toml \[S99\]：没有这条消息"),
        ('[talked]\ntext = "好"', r"messages\.toml \[talked\]：没有这条消息"),
        ('[S14]\nneeds = ["day"]', r"messages\.toml \[S14\]"),
        ("[S14]\ntext = 3", r"messages\.toml \[S14\]"),
        ('S14 = "好"', r"messages\.toml \[S14\]"),
        ('[S14]\ntext = "好"', r"messages\.toml \[S14\]：文字里没有用到变量：day、mentor"),
        ("[S14", r"messages\.toml: "),
    ],
)
def test_a_faulty_replacement_is_refused_by_key(
    tmp_path: Path, source: str, complaint: str
) -> None:
    with pytest.raises(CatalogueError, match=complaint):
        Catalogue.load(overrides(tmp_path, source))


@pytest.mark.parametrize(
    "mark", ["<b>", "</i>", "<b><i></b></i>", "<p>好</p>", "1 < 2", '<a href="x">']
)
def test_a_replacement_that_telegram_would_not_take_is_refused_at_start(
    tmp_path: Path, mark: str
) -> None:
    text = f"{{{{ day | day }}}}待核对。{mark}"
    with pytest.raises(CatalogueError, match=r"messages\.toml \[S13\]：< 只能用在成对的"):
        Catalogue.load(overrides(tmp_path, f"[S13]\ntext = '{text}'"))


@pytest.mark.parametrize(
    "grown", ['"a" * 9999999999', "9 ** 9 ** 9", '"%9999999999d" % 1', "range(9999999)"]
)
def test_a_replacement_that_would_fill_the_memory_is_refused_before_it_is_worked_out(
    tmp_path: Path, grown: str
) -> None:
    text = f"{{{{ day | day }}}}待核对。{{{{ {grown} }}}}"
    with pytest.raises(
        CatalogueError, match=r"messages\.toml \[S13\]：(变量不能用|没有这个变量：range)"
    ):
        Catalogue.load(overrides(tmp_path, f"[S13]\ntext = '{text}'"))


def test_the_office_may_mark_words_and_compare_in_expressions(tmp_path: Path) -> None:
    text = "<b>{{ day | day }}</b><i>{% if 1 < 2 %}待核对{% endif %}</i>。&lt;"
    path = overrides(tmp_path, f"[S13]\ntext = '{text}'")
    assert (
        render(Catalogue.load(path), "S13", facts()).text
        == "<b>9月15日（周二）</b><i>待核对</i>。&lt;"
    )


def test_a_file_that_is_not_utf_8_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "messages.toml"
    path.write_bytes('[S14]\ntext = "好"'.encode("gbk"))
    with pytest.raises(CatalogueError, match=r"messages\.toml: "):
        Catalogue.load(path)


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "messages.toml"
    path.write_bytes('[S13]\ntext = "{{ day | day }}待核对。"'.encode("utf-8-sig"))
    assert render(Catalogue.load(path), "S13", facts()).text == "9月15日（周二）待核对。"


def test_a_replacement_that_fails_on_its_facts_leaves_the_word_to_ours(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = overrides(tmp_path, '[S14]\ntext = "{{ mentor.surely_not }}{{ day | day }}"')
    ours = render(Catalogue.load(), "S14", facts()).text
    assert render(Catalogue.load(path), "S14", facts()).text == ours
    assert caplog.messages == ["the replaced text of S14 fails (UndefinedError)"]
