"""Logs: one JSON record a line, ids only, and the token nowhere."""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import Any

import structlog

# The token stands in every URL of the Bot API and in PTB's InvalidToken text; `\b` before it would
# miss "bot123:AA…".
TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{10,}")
HIDDEN = "<token>"
# JSON leaves these as they are, yet they end a line, steer a terminal, or turn the text around (X17).
UNSEEN = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
FRAMES = 6  # the innermost ones tell where
QUIET = {
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "apscheduler": logging.ERROR,
    "asyncio": logging.WARNING,
    # What it says is said by us, without bodies of messages: on stopping, on outages, on broken answers.
    "telegram": logging.CRITICAL,
}


def format_error(_: Any, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Write an exception as its types and places: its text may hold a name or a message (X16)."""
    info = event.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["error"] = " < ".join(_chain(error))
    return event


def _chain(error: BaseException) -> Iterator[str]:
    """The exception with where it was raised, then what it came from."""
    cause: BaseException | None = error
    while cause is not None:
        frames = traceback.extract_tb(cause.__traceback__)[-FRAMES:]
        places = " ".join(f"{Path(one.filename).name}:{one.lineno}" for one in frames)
        yield f"{type(cause).__name__} ({places})"
        if isinstance(cause, BaseExceptionGroup):
            for part in cause.exceptions:
                yield from _chain(part)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)


def redact(_: Any, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Take the token out of every text of a record, its traceback included."""
    return {
        key: TOKEN.sub(HIDDEN, value) if isinstance(value, str) else value
        for key, value in event.items()
    }


def on_one_line(event: Any, **options: Any) -> str:
    """Return the record as JSON that is one line to every reader, whatever a text in it holds."""
    written = json.dumps(event, ensure_ascii=False, **options)
    return UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


def set_up(level: str) -> None:
    """Send every record, third parties' too, to stderr."""
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=False),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            format_error,
            redact,
            structlog.processors.JSONRenderer(serializer=on_one_line),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(least)
