"""From the raw fields of a request to typed parameters.

Clients send forms, so every value may arrive as text; numbers, booleans and objects are then JSON.
Stricter than the real server: a parameter that the method does not have is refused, not ignored.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.rehearsal.botapi.errors import bad_request
from bot.rehearsal.botapi.markup import checked_markup
from bot.rehearsal.botapi.model import Json

Parameters = Mapping[str, Any]  # values as their readers return them; absent ones are missing
Reader = Callable[[Any], Any]  # raises ValueError on a value of another shape


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with the request."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """A request's raw fields and its files, both by field name."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    uploads: Mapping[str, Upload] = field(default_factory=dict)


def expected(what: str) -> ValueError:
    """The one error of readers, so that a wrong type and a wrong value are told alike."""
    return ValueError(f"{what} expected")


def integer(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int | str):
        raise expected("integer")
    return int(raw)


def text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise expected("string")
    return raw


def boolean(raw: Any) -> bool:
    known = {"true": True, "1": True, "false": False, "0": False}
    value = known.get(str(raw).lower())
    if value is None:
        raise expected("boolean")
    return value


def chat_id(raw: Any) -> int | str:
    """A number, or a public @name."""
    if isinstance(raw, str) and raw.startswith("@"):
        return raw
    return integer(raw)


def structure(raw: Any) -> Any:
    """A JSON value, as such or as text."""
    return json.loads(raw) if isinstance(raw, str) else raw


def texts(raw: Any) -> list[str]:
    value = structure(raw)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise expected("array of strings")
    return value


def objects(raw: Any) -> list[Json]:
    value = structure(raw)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise expected("array of objects")
    return value


def record(*known: str) -> Reader:
    """Reads an object that may have these fields and no others."""

    def read(raw: Any) -> Json:
        value = structure(raw)
        if not isinstance(value, dict) or set(value) - set(known):
            raise expected(f"object with {', '.join(known)}")
        return value

    return read


def markup(raw: Any) -> Json:
    return checked_markup(structure(raw))


def file(raw: Any) -> Upload | str:
    """An upload, or the id of a file the server knows. A server on loopback fetches no links."""
    if not isinstance(raw, Upload | str) or "://" in str(raw):
        raise expected("file or file identifier")
    return raw


def input_photo(raw: Any) -> Json:
    """An InputMediaPhoto, whose ``media`` `read_parameters` has already replaced by the upload."""
    known = {"type", "media", "caption", "parse_mode", "show_caption_above_media", "has_spoiler"}
    value = structure(raw)
    if not isinstance(value, dict) or set(value) - known or value.get("type") != "photo":
        raise expected("InputMediaPhoto")
    return value | {"media": file(value.get("media"))}


def read_parameters(
    readers: Mapping[str, Reader], required: tuple[str, ...], request: Request
) -> Parameters:
    """The parameters of one request.

    Raises `RefusedError` (400) naming the one that is wrong, missing or unknown.
    """
    given = dict(request.fields)
    attached = set()
    for name, raw in request.fields.items():
        source = _attached_to(name, raw)
        if source is None:
            continue
        if source not in request.uploads:
            raise bad_request(f"file {source} is not attached")
        attached.add(source)
        upload = request.uploads[source]
        given[name] = json.loads(raw) | {"media": upload} if name == MEDIA else upload
    given |= {k: v for k, v in request.uploads.items() if k not in attached}
    if unknown := sorted(set(given) - set(readers)):
        raise bad_request(f"unknown parameter {unknown[0]}")
    values = {}
    for name, raw in given.items():
        try:
            values[name] = readers[name](raw)
        except ValueError as problem:
            raise bad_request(f"can't parse {name}: {problem}") from None
    for name in required:
        if values.get(name) is None or values[name] == "":
            raise bad_request(EMPTY.get(name, f"{name} is empty"))
    return values


MEDIA = "media"  # the one parameter that names its upload inside an object


def _attached_to(name: str, raw: Any) -> str | None:
    """The name of the upload that the parameter stands for, if it stands for one."""
    if name == MEDIA and isinstance(raw, str):
        with contextlib.suppress(ValueError, AttributeError):
            raw = json.loads(raw).get("media")
    is_attached = isinstance(raw, str) and raw.startswith("attach://")
    return raw.removeprefix("attach://") if is_attached else None


EMPTY = {"text": "message text is empty", "document": "there is no document in the request",
         "photo": "there is no photo in the request"}  # fmt: skip
