"""One checksummed line: eight hex digits of CRC-32, a space, JSON, a line feed.

JSON escapes control characters, so neither a line feed nor a NUL byte stands inside a whole line.
"""

from __future__ import annotations

import json
from typing import Any
from zlib import crc32

# What comes here is a copy of the store's own making: it has no cycles to check for.
_encode = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":")
).encode


def encode(payload: dict[str, Any]) -> bytes:
    """The line that carries ``payload``, line feed included. ValueError: NaN or an infinity."""
    # surrogatepass: an update from outside may hold half a character, and must not be lost for it.
    body = _encode(payload).encode("utf-8", "surrogatepass")
    return b"%08x %b\n" % (crc32(body), body)


def decode(line: bytes) -> dict[str, Any]:
    """What the line (without line feed) carries. ValueError: it is not what was written."""
    body = line[9:]
    # Compared as text, not as a number: a flipped bit may turn "a" into "A".
    if line[:9] != b"%08x " % crc32(body):
        raise ValueError("校验和不符")
    payload: dict[str, Any] = json.loads(body)
    return payload
