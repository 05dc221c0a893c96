"""From an older form of the documents to the present one, and the refusal of a newer one.

A field with a default and a table more need no step: documents without them still read. Whatever
makes older documents unreadable, or mean something else, is a new schema and a step that leads to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage import chain
from storage.errors import StoreError, StoreNewer

if TYPE_CHECKING:
    from storage.contents import Contents

# From the contents of one schema to those of the next. A step answers from what it is given and
# from nothing else, and leaves that as it is: it is what the backup is made of.
Step = Callable[["Contents"], "Contents"]


def link_deeds(contents: Contents) -> Contents:
    """To schema 2: the deeds so far become a chain."""
    deeds = chain.chained(contents.tables.get("deeds", {}))
    return replace(contents, tables={**contents.tables, "deeds": deeds})


STEPS: tuple[Step, ...] = (link_deeds,)  # from schema 1 to 2, …; never changed once released


def current() -> int:
    """The schema that this program writes."""
    return len(STEPS) + 1


def known(path: Path, head: dict[str, Any]) -> int:
    """The schema of a file with that first line. StoreNewer: this program does not know it."""
    schema: int = head["schema"]
    if schema > current():
        raise StoreNewer(f"{path} 的数据格式为 {schema}，本版本只识到 {current()}")
    return schema


def migrated(contents: Contents) -> Contents:
    """The contents in the present schema; the same ones if they are in it already.

    StoreError: a step could not make sense of them.
    """
    for step in STEPS[contents.schema - 1 :]:
        following = contents.schema + 1
        try:
            contents = replace(step(contents), schema=following)
        except (LookupError, TypeError, ValueError, AttributeError) as fault:
            # Its words may be a name or a number of the roster: the kind of fault is all that is said.
            raise StoreError(
                f"数据不能转换为格式 {following}（{type(fault).__name__}），没有改动：请用原来的版本打开"
            ) from fault
    return contents
