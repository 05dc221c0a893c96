"""A file made in a process of its own (``python -m messages.making``): a call in, the file's bytes out.

Writing workbooks and Word files holds the interpreter, and the bot has people to answer meanwhile.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable

Make = Callable[
    [], bytes
]  # of module-level functions and of facts: it crosses a process by pickle


def packed(make: Make) -> bytes:
    """Return the call as the child reads it."""
    return pickle.dumps(make)


def main() -> int:
    make: Make = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own parent has written it
    try:
        made = make()
    except Exception as error:  # noqa: BLE001 - its text may hold a name, so the kind alone is told
        sys.stderr.write(type(error).__name__)
        return 1
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
