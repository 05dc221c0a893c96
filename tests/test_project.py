"""The repository keeps its own promises: README, settings, constraints, layout, tables that must agree."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import typer

from bot import access, app
from bot.__main__ import app as command_line
from bot.actions.form import WHAT
from bot.compose import message
from bot.delivery.wire import COMMANDS as MENUS
from bot.handlers import press, words
from bot.rules.cadence import DEFAULT
from bot.settings import Settings
from messages.catalogue import Catalogue
from messages.facts import ACTS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
ALLOWED = {
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    "bot",
    "storage",
    "messages",
    "tests",
}
CATALOGUE = Catalogue.load()
SOURCES = [path for room in ("bot", "storage", "messages") for path in (ROOT / room).rglob("*.py")]


def _commands(group: typer.Typer, prefix: str = "yinlu") -> set[str]:
    own = {
        f"{prefix} {command.name or command.callback.__name__}"
        for command in group.registered_commands
        if command.callback
    }
    nested = (
        _commands(sub.typer_instance, f"{prefix} {sub.name}" if sub.name else prefix)
        for sub in group.registered_groups
        if sub.typer_instance
    )
    return own.union(*nested)


def test_readme_names_every_command_and_no_other() -> None:
    named = {
        " ".join(word for word in found.split() if re.fullmatch(r"[a-z]+", word))
        for found in re.findall(r"^\| `(yinlu [a-z ]+)", README, re.MULTILINE)
    }
    assert named == _commands(command_line)


def test_readme_names_every_setting() -> None:
    table = README.split("### Settings")[1].split("###")[0]
    for name in Settings.model_fields:
        assert f"`{name}" in table, name


def test_readme_has_exactly_two_set_up_commands_of_one_line_each() -> None:
    blocks = re.findall(
        r"<!-- (?:rehearsal|test) command -->\n```sh\n(.*?)\n```", README, re.DOTALL
    )
    assert len(blocks) == 2
    assert all("\n" not in block and ".ci/constraints.txt" in block for block in blocks)


def test_top_level_holds_only_what_the_design_card_allows() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert {name.split("/")[0] for name in tracked if not name.startswith(".")} <= ALLOWED


def test_constraints_pin_exact_versions_and_name_no_host() -> None:
    lines = (ROOT / ".ci/constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", pin) for pin in pins)
    pinned = {pin.split("==")[0].lower().replace("_", "-") for pin in pins}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.match(r"[A-Za-z0-9._-]+", one) for one in asked}
    assert {name[0].lower() for name in names if name} <= pinned


def test_every_command_button_and_menu_entry_is_in_the_table_of_rights() -> None:
    menus = {name for names in MENUS.values() for name in names}
    assert set(app.COMMANDS) | set(press.BUTTONS) | menus <= set(access.TABLE)


def test_chinese_words_lead_only_to_commands_that_exist() -> None:
    assert set(words.COMMANDS) <= set(app.COMMANDS)


def test_every_menu_entry_has_words_and_a_handler() -> None:
    menus = {name for names in MENUS.values() for name in names}
    assert menus <= set(CATALOGUE.commands)
    assert menus <= set(app.COMMANDS)


def test_every_reminder_has_a_text() -> None:
    assert {*DEFAULT.slots, "T10"} <= set(CATALOGUE.entries)


def test_every_composed_kind_has_a_text() -> None:
    assert set(message.BUILDERS) | set(message.BUTTONS) <= set(CATALOGUE.entries)


def test_every_message_key_named_in_the_code_exists() -> None:
    """Keys given to reply, refuse, tell, pop, gather and Refusal as plain strings."""
    known = set(CATALOGUE.entries) | {"edit", "strip", "pop", "menu", "digest"}
    unknown = {
        (path.name, key)
        for path in SOURCES
        for key in _keys_in(ast.parse(path.read_text(encoding="utf-8")))
        if key not in known
    }
    assert not unknown


def test_every_deed_has_words_for_the_history() -> None:
    """The dialogue kit asks the same of every deed that a test causes, whatever its name is made of."""
    named = {
        node.args[1].value
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "deed.record"
        and isinstance(node.args[1], ast.Constant)
    }
    assert {"undo", "assign", "invite", "consent", "paused"} <= named
    assert named | {*WHAT.values(), "corrected", "voided", "claim", "proxy"} <= set(ACTS)


def _keys_in(tree: ast.Module) -> set[str]:
    places = {"reply": 0, "refuse": 0, "pop": 0, "Refusal": 0, "tell": 2, "gather": 2}
    found = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        owner = getattr(getattr(node.func, "value", None), "id", "turn")
        place = places.get(name)
        is_ours = name != "pop" or owner == "turn"  # dict.pop names a key, not a message
        if place is None or not is_ours or len(node.args) <= place:
            continue
        key = node.args[place]
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            found.add(key.value)
    return found


def test_no_sentence_for_the_chat_stands_in_handlers_or_actions() -> None:
    """Chinese text belongs in messages/zh; roster faults and the command line are not chat."""
    command_line_too = {
        "roster_report.py",
        "roster_judgement.py",
        "roster_writer.py",
        "roster_draft.py",
        "roster.py",
        "term.py",
    }
    for folder in ("handlers", "actions", "delivery", "compose"):
        for path in (ROOT / "bot" / folder).glob("*.py"):
            if path.name in command_line_too:
                continue
            for node in ast.walk(_without_docstrings(path)):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    is_pattern = "[" in node.value or "|" in node.value
                    assert is_pattern or not re.search(r"[\u4e00-\u9fff]{4}", node.value), (
                        path.name,
                        node.value,
                    )


def _without_docstrings(path: Path) -> ast.Module:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                node.body = node.body[1:] or [ast.Pass()]
    return tree
