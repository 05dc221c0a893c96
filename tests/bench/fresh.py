"""Costs of an interpreter of its own: nothing that the bench itself has loaded is in them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

STATUS = Path("/proc/self/status")  # Linux; getrusage would count the parent's peak as the child's


def interpreter(*words: str) -> str:
    """Run a new interpreter with these arguments; return what it printed."""
    line = [sys.executable, *words]
    return subprocess.run(line, check=True, capture_output=True, text=True).stdout


def peak() -> float:
    """Return the most that this process has ever held in memory, in MiB."""
    found = re.search(r"^VmHWM:\s+(\d+) kB$", STATUS.read_text("ascii"), re.MULTILINE)
    if found is None:
        raise LookupError(f"no VmHWM in {STATUS}")
    return int(found[1]) / 1024
