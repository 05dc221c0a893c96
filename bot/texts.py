"""The sentences of one data folder: ours, and the office's own in their place."""

from __future__ import annotations

from pathlib import Path

from bot.refusal import Refused
from messages.catalogue import Catalogue, CatalogueError


def own_texts(folder: Path) -> Path | None:
    """Return the office's own sentences in that data folder, or None: it has none."""
    file = folder / "messages.toml"
    return file if file.exists() else None


def load_texts(own: Path | None) -> Catalogue:
    """Load every sentence, the office's own in place of ours; a fault in one of those stops the start."""
    try:
        return Catalogue.load(own, trusts_ours=True)
    except CatalogueError as error:
        raise Refused(f"消息文字有误：{error}") from None
