"""Enrolment links to hand round: a sheet per branch, and the QR code of one link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Final

SCALE: Final = 8  # pixels of one module of a code sent in a chat; some 400 across


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """One person's link, which is a secret until it is used."""

    name: str
    link: str = field(repr=False)
    expires: datetime

    @property
    def words(self) -> str:
        """What can be forwarded to the person as it is."""
        return (
            f"{self.name}，您好。请在手机上打开这个链接开通支部的提醒：{self.link}"
            f" 链接只供本人使用，{self.expires:%Y-%m-%d} 前有效。"
        )


@dataclass(frozen=True, slots=True)
class Code:
    """A picture of a link, to be drawn when it leaves."""

    link: str = field(repr=False)


def code(link: str, scale: int = SCALE) -> bytes:
    """Return the QR code of a link as PNG."""
    import segno

    picture = BytesIO()
    segno.make(link).save(picture, kind="png", scale=scale)
    return picture.getvalue()


def written(sheets: Mapping[str, Sequence[Invitation]]) -> bytes:
    """Return the workbook with those sheets, by the name of the branch, as a file."""
    from messages import invitation_sheets  # loads openpyxl

    return invitation_sheets.written(sheets)
