"""How often an account may fail to enrol before it has to wait (reliability X4)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

WITHIN: Final = timedelta(hours=1)
PER_ACCOUNT: Final = 5
IN_ALL: Final = 50


def may_try(own: int, everybody: int) -> bool:
    """Whether an account with so many failures in the last hour may try once more.

    ``everybody``: the failures of all accounts in that hour. Once these are too many, only an account
    that has not failed yet may: strangers who try links must not lock out a college that enrols.
    """
    if everybody >= IN_ALL:
        return own == 0
    return own < PER_ACCOUNT
