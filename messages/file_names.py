"""Names of files that open on any system, made of names of people and branches."""

from __future__ import annotations

import re
from typing import Final

from storage.workbook_cells import visible

LONGEST: Final = 200  # bytes, below the 255 of common file systems
_NOT_IN_NAMES: Final = re.compile(r'[\\/:*?"<>|]')
_DEVICES: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)", re.IGNORECASE)


def file_name(words: str, suffix: str) -> str:
    """Return ``words.suffix`` without what Windows or a shell would take for something else."""
    name = _NOT_IN_NAMES.sub("_", visible(words)).strip(". ")
    while len(name.encode()) > LONGEST:
        name = name[:-1]
    if not name or _DEVICES.match(name):
        name = f"_{name}"
    return f"{name}.{suffix}"
