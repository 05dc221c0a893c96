"""One defence taken out of a copy of the tree, and the tests that notice."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as Xml

from tests.removed_defences.defences import LEFT_OUT, Defence, Removal

ENOUGH = 3  # red tests, after which a run stops
PATIENCE = 300  # seconds for one run


class TextChangedError(LookupError):
    """Raised where the text to be removed does not stand exactly once in its file."""


@dataclass(frozen=True, slots=True)
class Red:
    """The tests that failed, as pytest names them; ``ran``: how many had their turn.

    ``broken``: why pytest itself did not get through. Nothing has been shown then.
    """

    tests: tuple[str, ...] = ()
    ran: int = 0
    broken: str | None = None


def copied(root: Path, target: Path) -> Path:
    """Copy what git knows or would add, as it is in the work tree."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (root / name).is_file():  # not one that is about to be deleted
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / name, target / name)
    return target


def without(removal: Removal, root: Path) -> str:
    """Return the file's text with the defence removed. TextChangedError."""
    text = (root / removal.path).read_text(encoding="utf-8")
    if (many := text.count(removal.present)) != 1:
        raise TextChangedError(f"{removal.path} holds {removal.present!r} {many} times, not once")
    return text.replace(removal.present, removal.instead)


def remove(defence: Defence, tree: Path) -> None:
    """Take the defence out of that tree. TextChangedError."""
    for removal in defence.removals:
        (tree / removal.path).write_text(without(removal, tree), encoding="utf-8")


def run(tree: Path, tests: Sequence[str]) -> Red:
    """Run these tests in that tree, until enough have failed."""
    report = tree.with_name(f"{tree.name}.xml")
    options = ["-p", "no:randomly", "-p", "no:cacheprovider", f"--maxfail={ENOUGH}"]
    options += [f"--deselect={test}" for test in LEFT_OUT]
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", *options, f"--junitxml={report}", *tests],
            cwd=tree,
            env={**os.environ, "PYTHONPATH": str(tree)},  # noqa: TID251 - for a child
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return Red(broken=f"not through after {PATIENCE} s")
    if ended.returncode not in (0, 1):  # what is removed must not keep the tests from beginning
        (said,) = ended.stdout.strip().splitlines()[-1:] or ("",)
        return Red(broken=f"pytest ended with {ended.returncode}: {said}")
    cases = list(Xml.parse(report).iter("testcase"))  # noqa: S314 - pytest has just written it
    red = [case for case in cases if case.find("failure") is not None or _is_error(case)]
    return Red(tuple(dict.fromkeys(map(_name, red))), len(cases))


def _is_error(case: Xml.Element) -> bool:
    """The kits that drive dialogues complain when their block ends: in a fixture that is an error."""
    return case.find("error") is not None


def _name(case: Xml.Element) -> str:
    """The sentence that the test is, without its parameters."""
    return case.get("name", "").split("[")[0]
