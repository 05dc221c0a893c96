"""When looking for garbage would only go through what stays."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_looking_for_garbage() -> Iterator[None]:
    """For a block that makes what is kept: going through that again and again costs a fifth of it."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
