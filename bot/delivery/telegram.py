"""What a failed call to Telegram means: the only place that reads its exceptions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)


class Meaning(StrEnum):
    """What follows from a failure (reliability § 3)."""

    DONE = "done"  # it already is as wanted
    CERTAIN = "certain"  # it surely did not arrive: again, freely
    AMBIGUOUS = "ambiguous"  # it may have arrived: once more, marked
    PERMANENT = "permanent"  # this row will never go
    UNREACHABLE = "unreachable"  # nothing will reach this person until /start
    SLOW_DOWN = "slow_down"
    MIGRATED = "migrated"
    FATAL = "fatal"  # the token itself is refused


@dataclass(frozen=True, slots=True)
class Failure:
    meaning: Meaning
    reason: str  # a class name or Telegram's own words, never ours and never a URL
    seconds: float = 0.0
    new_chat: int = 0


_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_AS_WANTED = ("message is not modified", "query is too old", "query id is invalid")
_GONE = ("chat not found", "user not found", "bot was kicked", "group chat was deleted")


def meaning_of(error: Exception) -> Failure:
    """Classify by cause. BadRequest comes before NetworkError, whose subclass it is."""
    name = type(error).__name__
    match error:
        case RetryAfter():
            return Failure(Meaning.SLOW_DOWN, name, seconds=_seconds(error))
        case ChatMigrated():
            return Failure(Meaning.MIGRATED, name, new_chat=error.new_chat_id)
        case Forbidden():
            return Failure(Meaning.UNREACHABLE, error.message)
        case InvalidToken():
            return Failure(Meaning.FATAL, name)
        case BadRequest():
            said = error.message.casefold()
            if any(words in said for words in _AS_WANTED):
                return Failure(Meaning.DONE, error.message)
            gone = any(words in said for words in _GONE)
            return Failure(Meaning.UNREACHABLE if gone else Meaning.PERMANENT, error.message)
        case TelegramError():
            never_left = isinstance(error.__cause__, _NEVER_LEFT)
            return Failure(Meaning.CERTAIN if never_left else Meaning.AMBIGUOUS, name)
        case _:
            return Failure(Meaning.PERMANENT, name)


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
