"""Every sentence a person can read, loaded once at start; the office's own are checked then, ours by the tests.

To add a message: write an entry in the file of its reader under ``messages/zh/``::

    [S13]
    text = "{{ day | day }}的谈话老师还没有核对上。"   # Jinja2, HTML-escaped
    needs = ["day"]                # every fact that it uses, no more and no less
    greet = true                   # optional: "王老师，您好。" in front; then it also needs `to`
    sign = "{{ branch }}"          # optional: "——本科生第一党支部" behind
    buttons = [["talked"]]         # optional: rows of names from buttons.toml
    alert = true                   # optional: shown over a pressed button, so at most 200 units
    forward = true                 # optional: meant to be passed on, so never protected

and call ``render(catalogue, "S13", {"day": …})``. `messages.facts` lists the facts,
`messages.filters` the filters.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template, TemplateError, meta, nodes

from messages import filters
from messages.lengths import ALERT_UNITS, MESSAGE_UNITS, utf16_length

_KEYS = {"text", "needs", "greet", "sign", "buttons", "alert", "forward"}
_MARK = re.compile(r'<(?:(/?)(b|i|u|s|code|a)(?: href="[^"<>]*")?>)?')
_EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
# A few characters of these make a text that fills the memory, and the template is folded at start.
_GROWING: tuple[type[nodes.BinExpr], ...] = (nodes.Mul, nodes.Pow, nodes.Mod)
_LABELS, _COMMANDS = "buttons.toml", "commands.toml"


class CatalogueError(Exception):
    """A text file says something that can't be used; the message names file and key."""


class Text:
    """A text, compiled when it is first said: of five hundred a start needs none."""

    def __init__(self, environment: Environment, source: str) -> None:
        self._environment = environment
        self._source = source

    @cached_property
    def _template(self) -> Template:
        return self._environment.from_string(self._source)

    def render(self, facts: Mapping[str, Any]) -> str:
        return self._template.render(facts)


@dataclass(frozen=True, slots=True)
class Entry:
    """One message. ``limit``: UTF-16 units that Telegram takes of it once it is rendered.

    ``source``: the text as it is written. ``ours``: the built-in body where the office has replaced it.
    """

    key: str
    source: str
    body: Text
    signature: Text | None
    greet: bool
    needs: frozenset[str]
    buttons: tuple[tuple[str, ...], ...]
    limit: int
    ours: Text | None = None
    forward: bool = False


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The messages by key, the words on buttons by name, the menu's words by command."""

    entries: Mapping[str, Entry]
    labels: Mapping[str, str]
    commands: Mapping[str, str]

    @classmethod
    def load(cls, overrides: Path | None = None, *, trusts_ours: bool = False) -> Catalogue:
        """The built-in texts; ``overrides`` (a TOML file: key → ``text``) replaces some of them.

        ``trusts_ours``: the built-in ones, which the tests check, are taken as they are: going
        through five hundred texts is a third of a start.

        Raises CatalogueError for an unknown key or button, a duplicate, a variable that is used
        and not declared or declared and not used, and a text that is too long for Telegram;
        OSError for a file that can't be read.
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
                if not trusts_ours:
                    _check(environment, labels, place, raw)
                entry = _entry(environment, key, raw)
                if overrides is not None and key in replaced:
                    place, raw = f"{overrides.name} [{key}]", {**raw, "text": replaced[key]}
                    _check(environment, labels, place, raw)
                    entry = replace(_entry(environment, key, raw), ours=entry.body)
                entries[key] = entry
        return cls(entries, labels, commands)


def _environment() -> Environment:
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.clear()  # a text counts no ranges and makes no objects
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
            raise CatalogueError(
                f"{overrides.name} [{key}]：没有这条消息，可用的见 yinlu messages"
            )
        if not isinstance(raw, dict) or set(raw) != {"text"} or not isinstance(raw["text"], str):
            raise CatalogueError(f'{overrides.name} [{key}]：只能写 text = "…"')
        texts[key] = raw["text"]
    return texts


def _entry(environment: Environment, key: str, raw: Mapping[str, Any]) -> Entry:
    text, sign = raw["text"].strip(), raw.get("sign")
    return Entry(
        key,
        source=text,
        body=Text(environment, text),
        signature=Text(environment, sign) if sign else None,
        greet=raw.get("greet", False),
        needs=frozenset(raw.get("needs", ())),
        buttons=tuple(tuple(row) for row in raw.get("buttons", ())),
        limit=_limit(raw),
        forward=bool(raw.get("forward")),
    )


def _limit(raw: Mapping[str, Any]) -> int:
    return ALERT_UNITS if raw.get("alert") else MESSAGE_UNITS


def _check(environment: Environment, labels: Mapping[str, Any], place: str, raw: Any) -> None:
    if not isinstance(raw, dict) or not isinstance(raw.get("text"), str) or set(raw) - _KEYS:
        raise CatalogueError(f"{place}: expected text and of {sorted(_KEYS - {'text'})} at most")
    text = raw["text"].strip()
    _check_variables(environment, place, text, raw)
    for name in (name for row in raw.get("buttons", ()) for name in row):
        if name not in labels:
            raise CatalogueError(f"{place}: unknown button {name}")
    if not _is_marked_up(text):
        raise CatalogueError(f"{place}：< 只能用在成对的 <b>…</b> 这样的标记里，其他的写成 &lt;")
    if utf16_length(text) > _limit(raw):
        raise CatalogueError(f"{place}：超过 {_limit(raw)} 个字符，还没有填入内容")


def _check_variables(
    environment: Environment, place: str, text: str, raw: Mapping[str, Any]
) -> None:
    given = _variables(environment, place, text)
    given |= _variables(environment, place, raw.get("sign", ""))
    given |= {"to"} if raw.get("greet") else set()
    needs = set(raw.get("needs", ()))
    if unknown := given - needs:
        raise CatalogueError(f"{place}：没有这个变量：{'、'.join(sorted(unknown))}")
    if unused := needs - given:
        raise CatalogueError(f"{place}：文字里没有用到变量：{'、'.join(sorted(unused))}")


def _is_marked_up(text: str) -> bool:
    """Whether Telegram reads the marks of a text: with any other, or an open one, it takes none of it."""
    open_: list[str] = []
    for mark in _MARK.finditer(_EXPRESSION.sub("", text)):
        end, name = mark.groups()
        if not end and name is not None:
            open_.append(name)
        elif not open_ or open_.pop() != name:
            return False
    return not open_


def _variables(environment: Environment, place: str, source: str) -> set[str]:
    """The variables of a text, to find which all of it is gone through."""
    try:
        tree = environment.parse(source)
        if any(True for _ in tree.find_all(_GROWING)):
            raise CatalogueError(f"{place}：变量不能用 *、**、% 来计算")
        return meta.find_undeclared_variables(tree)
    except TemplateError as error:
        raise CatalogueError(f"{place}：{' '.join(str(error).split())}") from error
