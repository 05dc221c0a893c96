"""What the stand-in answers when it refuses: a code, a sentence, and what to do about it."""

from __future__ import annotations

import math


class RefusedError(Exception):
    """A request was not accepted. ``code`` is both the HTTP status and Telegram's error code.

    ``parameters`` are Telegram's ResponseParameters: ``retry_after`` (whole seconds) or
    ``migrate_to_chat_id``.
    """

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_json(self) -> dict[str, object]:
        """The body of the answer."""
        body: dict[str, object] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(reason: str, **parameters: int) -> RefusedError:
    """400: the request itself is wrong and will stay so."""
    return RefusedError(400, f"Bad Request: {reason}", **parameters)


def forbidden(reason: str) -> RefusedError:
    """403: this chat cannot be written to."""
    return RefusedError(403, f"Forbidden: {reason}")


def too_many_requests(seconds: float) -> RefusedError:
    """429: come back after ``seconds``, rounded up to whole ones as Telegram does."""
    wait = max(1, math.ceil(seconds))
    return RefusedError(429, f"Too Many Requests: retry after {wait}", retry_after=wait)


UNAUTHORIZED = (401, "Unauthorized")
NOT_FOUND = (404, "Not Found")
