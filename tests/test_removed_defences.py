"""The script that removes one defence at a time fits the code of today, and would notice one not missed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.removed_defences import __main__ as script
from tests.removed_defences.defences import DEFENCES, Defence, Removal
from tests.removed_defences.trial import TextChangedError, remove, without

ROOT = Path(__file__).parent.parent
GUARD = "def guarded() -> bool:\n    return True\n"
GUARDED = """
from guard import guarded

def test_it_is_guarded() -> None:
    assert guarded()

def test_it_is_there() -> None:
    assert guarded
"""


def removing(present: str, instead: str) -> Defence:
    return Defence("guard", "the guard", (Removal("guard.py", present, instead),), ("test_it.py",))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree of one defence, with a test of it."""
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "guard.py").write_text(GUARD, encoding="utf-8")
    (tree / "test_it.py").write_text(GUARDED, encoding="utf-8")
    subprocess.run(["git", "init", "-q", tree], check=True)
    return tree


@pytest.mark.parametrize("defence", DEFENCES, ids=lambda one: one.name)
def test_every_removal_fits_the_present_text_once_and_leaves_a_program(defence: Defence) -> None:
    assert defence.removals
    for removal in defence.removals:
        compile(without(removal, ROOT), removal.path, "exec")
    for test in defence.tests:
        assert (ROOT / test.split("::")[0]).is_file()


def test_every_defence_has_a_name_of_its_own() -> None:
    names = [defence.name for defence in DEFENCES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("text", ["", GUARD * 2], ids=["gone", "twice"])
def test_a_removal_whose_text_has_changed_is_refused(tree: Path, text: str) -> None:
    (tree / "guard.py").write_text(text, encoding="utf-8")
    with pytest.raises(TextChangedError):
        remove(removing("return True", "return False"), tree)


@pytest.mark.processes
def test_the_tests_that_miss_a_defence_are_told_by_name(tree: Path) -> None:
    tried = script.try_all(tree, [removing("return True", "return False")])
    assert [found.tests for _, found in tried] == [(), ("test_it_is_guarded",)]
    assert all(script.is_as_hoped(*one) for one in tried)
    assert "return True" in (tree / "guard.py").read_text(encoding="utf-8")
    assert script.as_table(tried).splitlines()[2:] == [
        "| nothing | nothing | none of 2 |",
        "| guard | the guard | `test_it_is_guarded` |",
    ]
    assert [row["red"] for row in json.loads(script.as_json(tried))] == [
        [],
        ["test_it_is_guarded"],
    ]


@pytest.mark.processes
def test_a_defence_that_no_test_misses_is_shown_as_wrong(tree: Path) -> None:
    tried = script.try_all(tree, [removing("return True", "return not False")])
    assert [script.is_as_hoped(*one) for one in tried] == [True, False]
    assert "**WRONG** none of 2" in script.as_table(tried)


@pytest.mark.processes
def test_tests_that_do_not_even_begin_miss_nothing(tree: Path) -> None:
    tried = script.try_all(tree, [removing("def guarded", "def unguarded")])
    assert [script.is_as_hoped(*one) for one in tried] == [True, False]
    assert "**WRONG** pytest ended with" in script.as_table(tried)
