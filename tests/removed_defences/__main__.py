"""`python -m tests.removed_defences [--only NAME] [--json]`: removes the defences one at a time.

Each is taken out of a copy of the tree, where some tests are then run. Prints which of them turned
red, as a table in Markdown; exit 1 if any removal left all of them green, or if one of them is red
with nothing removed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.removed_defences.defences import DEFENCES, Defence
from tests.removed_defences.trial import Red, copied, remove, run

ROOT = Path(__file__).parents[2]
NOTHING = "nothing"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.removed_defences", description=__doc__)
    names = [defence.name for defence in DEFENCES]
    parser.add_argument("--only", choices=names, action="append", metavar="NAME")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    chosen = [one for one in DEFENCES if one.name in (asked.only or names)]
    tried = try_all(ROOT, chosen)
    sys.stdout.write(as_json(tried) if asked.json else as_table(tried))
    sys.exit(0 if all(map(is_as_hoped, *zip(*tried, strict=True))) else 1)


def try_all(root: Path, defences: Sequence[Defence]) -> list[tuple[Defence, Red]]:
    """Remove each, after nothing at all; as many at a time as there are processors.

    TextChangedError.
    """
    every = tuple(dict.fromkeys(test for one in defences for test in one.tests))
    control = Defence(NOTHING, "nothing", (), every)
    with TemporaryDirectory(prefix="yinlu-removed-") as scratch:
        whole = copied(root, Path(scratch) / "whole")  # once: the work tree may change meanwhile

        def tried(defence: Defence) -> tuple[Defence, Red]:
            tree = shutil.copytree(whole, Path(scratch) / defence.name.replace(" ", "-"))
            remove(defence, tree)
            return defence, run(tree, defence.tests)

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return list(pool.map(tried, (control, *defences)))


def is_as_hoped(defence: Defence, found: Red) -> bool:
    """Whether something turned red; nothing may where nothing was removed."""
    return found.broken is None and bool(found.tests) != (defence.name == NOTHING)


def as_table(tried: Sequence[tuple[Defence, Red]]) -> str:
    rows = ["| defence | what was removed | tests that turned red |", "|---|---|---|"]
    for defence, found in tried:
        names = " · ".join(f"`{test}`" for test in found.tests)
        red = found.broken or names or f"none of {found.ran}"
        mark = "" if is_as_hoped(defence, found) else "**WRONG** "
        rows.append(f"| {defence.name} | {defence.removed} | {mark}{red} |")
    return "\n".join(rows) + "\n"


def as_json(tried: Sequence[tuple[Defence, Red]]) -> str:
    rows = [
        {
            "defence": defence.name,
            "removed": defence.removed,
            "files": sorted({removal.path for removal in defence.removals}),
            "red": list(found.tests),
            "ran": found.ran,
            "broken": found.broken,
            "as_hoped": is_as_hoped(defence, found),
        }
        for defence, found in tried
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    main()
