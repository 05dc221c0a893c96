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
    return _told("VmHWM")


def resident() -> float:
    """Return what this process holds in memory now, in MiB."""
    return _told("VmRSS")


def _told(name: str) -> float:
    found = re.search(rf"^{name}:\s+(\d+) kB$", STATUS.read_text("ascii"), re.MULTILINE)
    if found is None:
        raise LookupError(f"no {name} in {STATUS}")
    return int(found[1]) / 1024
