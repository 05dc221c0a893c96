"""A Word file as a reader meets it."""

from __future__ import annotations

import io

import docx
from docx.oxml.ns import qn


def lines(file: bytes) -> list[str]:
    """Return the text of every paragraph, those in tables too, in order; empty ones as empty."""
    body = docx.Document(io.BytesIO(file)).element.body
    return [
        "".join(text.text or "" for text in paragraph.iter(qn("w:t")))
        for paragraph in body.iter(qn("w:p"))
    ]
