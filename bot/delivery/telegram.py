"""What a failed call to Telegram means: the only place that reads its exceptions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.delivery.workshop import NotMadeError


class Meaning(StrEnum):
    """What follows from a failure (reliability § 3)."""

    DONE = "done"  # it already is as wanted
    CERTAIN = "certain"  # it surely did not arrive: again, freely
    AMBIGUOUS = "ambiguous"  # it may have arrived: once more, marked
    PERMANENT = "permanent"  # this row will never go
    NO_TOPIC = "no_topic"  # the group's topic is gone: into the group itself
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
_NO_TOPIC = ("message thread not found", "topic_deleted", "topic_closed")
_SLOW_DOWN = "too many requests"  # a 429 that does not say how long
_SLOW_DOWN_SECONDS = 5.0
_GONE = ("chat not found", "user not found", "bot was kicked", "group chat was deleted")


def meaning_of(error: Exception) -> Failure:
    """Classify by cause. BadRequest comes before NetworkError, whose subclass it is."""
    name = type(error).__name__
    if _is_a_page(error):
        return Failure(Meaning.AMBIGUOUS, name)
    match error:
        case NotMadeError():
            return Failure(Meaning.PERMANENT, f"not made: {error}")
        case RetryAfter():
            return Failure(Meaning.SLOW_DOWN, name, seconds=_seconds(error))
        case ChatMigrated():
            return Failure(Meaning.MIGRATED, name, new_chat=error.new_chat_id)
        case Forbidden():
            return Failure(Meaning.UNREACHABLE, error.message)
        case InvalidToken():
            return Failure(Meaning.FATAL, name)
        case BadRequest():
            return Failure(_of_refusal(error.message.casefold()), error.message)
        case TelegramError() if error.message.casefold().startswith(_SLOW_DOWN):
            return Failure(Meaning.SLOW_DOWN, name, seconds=_SLOW_DOWN_SECONDS)
        case TelegramError():
            is_certain = isinstance(error, Conflict) or isinstance(error.__cause__, _NEVER_LEFT)
            return Failure(Meaning.CERTAIN if is_certain else Meaning.AMBIGUOUS, name)
        case _:  # the library could not read the answer: there was one
            return Failure(Meaning.AMBIGUOUS, name)


def _is_a_page(error: BaseException) -> bool:
    """Whether Telegram's own body is missing: a proxy's page, whose code says nothing of the chat."""
    cause = error.__cause__
    while isinstance(cause, TelegramError):
        if type(cause) is TelegramError:  # what the library raises where it finds no JSON
            return True
        cause = cause.__cause__
    return False


def _of_refusal(said: str) -> Meaning:
    """What follows from Telegram's words to a 400."""
    meanings = (
        (_AS_WANTED, Meaning.DONE),
        (_NO_TOPIC, Meaning.NO_TOPIC),
        (_GONE, Meaning.UNREACHABLE),
    )
    for words, meaning in meanings:
        if any(one in said for one in words):
            return meaning
    return Meaning.PERMANENT


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
