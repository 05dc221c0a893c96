"""SVG to PNG. resvg holds the interpreter: `messages.making` calls this in a process of its own."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path

PACKAGE = "justmytype_intl_cjk"
# The first is the picture's own; the others lend what it lacks, as 𠮷.
FACES = ("notosanssc/NotoSansSC", "notosansjp/NotoSansJP", "notosanstc/NotoSansTC")


class NoFontError(Exception):
    """No font with Chinese characters is installed; resvg would draw a blank page without a word."""


def fonts() -> list[str]:
    """Return the font files; empty: none is installed."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        return []
    folder = Path(found.origin).parent / "fonts" / "ofl"
    files = [folder / f"{face}[wght].ttf" for face in FACES]
    return [str(file) for file in files] if files[0].exists() else []


def png(svg: str) -> bytes:
    """Return the drawing. NoFontError: where nothing could be read; ImportError: no resvg."""
    files = fonts()
    if not files:
        raise NoFontError
    resvg = importlib.import_module("resvg_py")
    return bytes(resvg.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=files))
