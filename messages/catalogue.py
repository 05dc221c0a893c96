"""Every sentence a person can read, loaded and checked once at start.

To add a message: write an entry in the file of its reader under ``messages/zh/``::

    [S13]
    text = "{{ day | day }}的谈话老师还没有核对上。"   # Jinja2, HTML-escaped
    needs = ["day"]                # every fact that it uses, no more and no less
    greet = true                   # optional: "王老师，您好。" in front; then it also needs `to`
    sign = "{{ branch }}"          # optional: "——本科生第一党支部" behind
    buttons = [["talked"]]         # optional: rows of names from buttons.toml
    alert = true                   # optional: shown over a pressed button, so at most 200 units

and call ``render(catalogue, "S13", {"day": …})``. `messages.facts` lists the facts,
`messages.filters` the filters.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template, TemplateError, meta

from messages import filters
from messages.lengths import ALERT_UNITS, MESSAGE_UNITS, utf16_length

_KEYS = {"text", "needs", "greet", "sign", "buttons", "alert"}
_LABELS, _COMMANDS = "buttons.toml", "commands.toml"


class CatalogueError(Exception):
    """A text file says something that can't be used; the message names file and key."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One message. ``limit``: UTF-16 units that Telegram takes of it once it is rendered."""

    key: str
    body: Template
    signature: Template | None
    greet: bool
    needs: frozenset[str]
    buttons: tuple[tuple[str, ...], ...]
    limit: int


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The messages by key, the words on buttons by name, the menu's words by command."""

    entries: Mapping[str, Entry]
    labels: Mapping[str, str]
    commands: Mapping[str, str]

    @classmethod
    def load(cls, overrides: Path | None = None) -> Catalogue:
        """The built-in texts; ``overrides`` (a TOML file: key → ``text``) replaces some of them.

        Raises CatalogueError for an unknown key or button, a duplicate, a variable that is used
        and not declared or declared and not used, and a text that is too long for Telegram.
        """
        sources = dict(_read_all())
        labels, commands = sources.pop(_LABELS), sources.pop(_COMMANDS)
        known = {key for messages in sources.values() for key in messages}
        replaced = {} if overrides is None else _replacements(overrides, known)
        environment = _environment()
        entries: dict[str, Entry] = {}
        for file, messages in sources.items():
            for key, raw in messages.items():
                place = f"{file} [{key}]"
                if key in entries:
                    raise CatalogueError(f"{place}: duplicate key")
                if overrides is not None and key in replaced:
                    place, raw = f"{overrides.name} [{key}]", {**raw, "text": replaced[key]}
                entries[key] = _entry(environment, labels, place, key, raw)
        return cls(entries, labels, commands)


def _environment() -> Environment:
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters.install(environment)
    return environment


def _read_all() -> Iterator[tuple[str, dict[str, Any]]]:
    folder = resources.files("messages") / "zh"
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            yield file.name, _parse(file.name, file.read_bytes())


def _parse(file: str, source: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(source.decode("utf-8-sig"))  # editors on Windows write the mark
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{file}: {error}") from error


def _replacements(overrides: Path, known: Collection[str]) -> dict[str, str]:
    """The office's texts by key. Facts, buttons and limits of a message stay ours."""
    texts = {}
    for key, raw in _parse(overrides.name, overrides.read_bytes()).items():
        if key not in known:
            raise CatalogueError(f"{overrides.name} [{key}]: no such message")
        if not isinstance(raw, dict) or set(raw) != {"text"} or not isinstance(raw["text"], str):
            raise CatalogueError(f'{overrides.name} [{key}]: only text = "…" can be replaced')
        texts[key] = raw["text"]
    return texts


def _entry(
    environment: Environment,
    labels: Mapping[str, Any],
    place: str,
    key: str,
    raw: Any,
) -> Entry:
    if not isinstance(raw, dict) or not isinstance(raw.get("text"), str) or set(raw) - _KEYS:
        raise CatalogueError(f"{place}: expected text and of {sorted(_KEYS - {'text'})} at most")
    text, greet = raw["text"].strip(), raw.get("greet", False)
    body, used = _compiled(environment, place, text)
    sign = raw.get("sign")
    signature, signed = _compiled(environment, place, sign) if sign else (None, set())
    needs = frozenset(raw.get("needs", ()))
    if wrong := (used | signed | ({"to"} if greet else set())) ^ needs:
        listed = ", ".join(sorted(wrong))
        raise CatalogueError(f"{place}: needs and the variables in the text differ: {listed}")
    buttons = tuple(tuple(row) for row in raw.get("buttons", ()))
    for name in (name for row in buttons for name in row):
        if name not in labels:
            raise CatalogueError(f"{place}: unknown button {name}")
    limit = ALERT_UNITS if raw.get("alert") else MESSAGE_UNITS
    if utf16_length(text) > limit:
        raise CatalogueError(f"{place}: longer than {limit} units before anything is filled in")
    return Entry(key, body, signature, greet, needs, buttons, limit)


def _compiled(environment: Environment, place: str, source: str) -> tuple[Template, set[str]]:
    """The template and its variables. Parsed once: over a hundred texts are read at start."""
    try:
        tree = environment.parse(source)
        used = meta.find_undeclared_variables(tree)
        code = environment.compile(tree)
    except TemplateError as error:
        raise CatalogueError(f"{place}: {error}") from error
    return Template.from_code(environment, code, environment.make_globals(None)), used
