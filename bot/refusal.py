"""The one way in which an action says no."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """An action did not take place; nothing has changed. Carries the message that says what to do next."""

    def __init__(self, kind: str, **args: Any) -> None:
        super().__init__(kind)
        self.kind = kind
        self.args_said = args


class Denied(Refusal):
    """It did not take place because of who asked, or where. The door keeps count of it (X21)."""


class Refused(Exception):  # noqa: N818 - the same, said on the command line
    """A command did not take place; its text is one line for the one who typed it."""
