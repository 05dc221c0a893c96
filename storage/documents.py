"""Records to JSON documents and back: the only place that knows how a field is written down.

A document holds every field but ``id``; dates and moments are ISO text, tuples lists, enums their
values. Moments are written and read in Asia/Shanghai.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import make_dataclass
from datetime import date, datetime
from enum import Enum, StrEnum
from functools import lru_cache
from operator import attrgetter, itemgetter
from types import UnionType
from typing import Any, NamedTuple, TypeVar, Union, cast, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from storage.tables import Record

Document = dict[str, Any]
R = TypeVar("R", bound=Record)
Convert = Callable[[Any], Any]

SHANGHAI = ZoneInfo("Asia/Shanghai")
PLAIN = frozenset({str, int, bool, type(None)})  # a copy of these is the thing itself


class Codec(NamedTuple):
    """How one type of field is written and read; ``None``: as it is."""

    write: Convert | None
    read: Convert | None


class FieldUnknown(ValueError):  # noqa: N818 - it states what is the case
    """Raised by `record`: what was written whole has a field that this program does not have."""


def document(record: Record) -> Document:
    """The record without its id, as JSON values that share nothing with it.

    ValueError: a moment without zone, or NaN. TypeError: a ``Json`` field holds what JSON can't.
    """
    cls = type(record)
    written: Document = dict(zip(CODECS[cls], VALUES[cls](record), strict=True))
    for name, write in WRITERS[cls]:
        value = written[name]
        if value is not None:
            written[name] = write(value)
    return written


def record(cls: type[R], document: Mapping[str, Any], id: int) -> R:
    """The record of that document. A field that is not there takes its default.

    FieldUnknown. ValueError, KeyError: a value that is none of its field's type.
    TypeError: a field without default is missing.
    """
    if len(document) == len(CODECS[cls]):
        try:
            whole = list(FIELDS[cls](document))
        except KeyError:  # as many fields as there should be, and one of them is missing
            raise _unknown(cls, document) from None
        return _whole(cls, whole, id)
    if not document.keys() <= CODECS[cls].keys():
        raise _unknown(cls, document)
    values: Document = {**document, "id": id}
    for name, read in READERS[cls]:
        value = values.get(name)
        if value is not None:
            values[name] = read(value)
    return cls(**values)


def _unknown(cls: type[R], document: Mapping[str, Any]) -> FieldUnknown:
    name = min(document.keys() - CODECS[cls].keys())
    return FieldUnknown(f"{cls.__name__} has no field {name!r}")


def _whole(cls: type[R], values: list[Any], id: int) -> R:
    """The record with these values of its fields in order: a frozen class's own way costs five times that."""
    for place, read in PLACES[cls]:
        value = values[place]
        if value is not None:
            values[place] = read(value)
    made = UNFROZEN[cls](id, *values)
    made.__class__ = cls
    return cast(R, made)


def json_copy(value: Any) -> Any:
    """A deep copy of a JSON value; tuples become lists, enums their values.

    ValueError: NaN or an infinity. TypeError: anything else that JSON can't hold, keys included.
    """
    kind = type(value)
    if kind in PLAIN:
        return value
    if kind is dict or isinstance(value, Mapping):
        return {
            key if type(key) is str else _key(key): part
            if type(part) in PLAIN
            else json_copy(part)
            for key, part in value.items()
        }
    if isinstance(value, list | tuple):
        return [json_copy(part) for part in value]
    if isinstance(value, Enum):
        return json_copy(value.value)
    if kind is float:
        if math.isfinite(value):
            return value
        raise ValueError(f"JSON has no {value}")
    raise TypeError(f"JSON has no {kind.__name__}")


def _key(key: object) -> str:
    if isinstance(key, StrEnum):
        return key.value
    # JSON would turn 1 into "1": after a restart the key would not be found.
    raise TypeError(f"JSON has no {type(key).__name__} as a key")


def _codec(hint: Any) -> Codec:
    hint = getattr(hint, "__supertype__", hint)  # a NewType is its base
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        (present,) = (part for part in get_args(hint) if part is not type(None))
        return _codec(present)
    if origin is tuple:
        item = _codec(get_args(hint)[0])
        return Codec(_each(item.write, list), _each(item.read, tuple))
    if origin is not None:
        return Codec(json_copy, json_copy)
    if issubclass(hint, StrEnum):
        members = {member.value: member for member in hint}
        return Codec(str.__str__, members.__getitem__)  # Enum's own ways cost ten times that
    if issubclass(hint, datetime):
        return Codec(_moment_text, _moment)
    if issubclass(hint, date):
        return Codec(date.isoformat, _date)
    return Codec(None, None)


def _each(convert: Convert | None, collect: Callable[[Any], Any]) -> Convert:
    if convert is None:
        return collect
    return lambda values: collect(map(convert, values))


@lru_cache(maxsize=4096)
def _moment_text(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return moment.astimezone(SHANGHAI).isoformat()


@lru_cache(maxsize=4096)  # a wave's rows share their moments, and so the object
def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(SHANGHAI)


@lru_cache(maxsize=4096)
def _date(text: str) -> date:
    return date.fromisoformat(text)


CODECS: dict[type[Any], dict[str, Codec]] = {
    cls: {name: _codec(hint) for name, hint in get_type_hints(cls).items() if name != "id"}
    for cls in get_args(Record)
}
# What is not written or read as it is, by class: of most fields there is nothing to do.
VALUES: dict[type[Any], Callable[[Any], tuple[Any, ...]]] = {
    cls: attrgetter(*codecs) for cls, codecs in CODECS.items()
}
WRITERS: dict[type[Any], tuple[tuple[str, Convert], ...]] = {
    cls: tuple((name, codec.write) for name, codec in codecs.items() if codec.write is not None)
    for cls, codecs in CODECS.items()
}
READERS: dict[type[Any], tuple[tuple[str, Convert], ...]] = {
    cls: tuple((name, codec.read) for name, codec in codecs.items() if codec.read is not None)
    for cls, codecs in CODECS.items()
}
FIELDS: dict[type[Any], Callable[[Mapping[str, Any]], tuple[Any, ...]]] = {
    cls: itemgetter(*codecs) for cls, codecs in CODECS.items()
}
PLACES: dict[type[Any], tuple[tuple[int, Convert], ...]] = {
    cls: tuple(
        (place, read) for place, (_, read) in enumerate(codecs.values()) if read is not None
    )
    for cls, codecs in CODECS.items()
}


class _Unfrozen(dict[type[Any], type[Any]]):
    """By class of record the same fields in a class that is not frozen: what it makes becomes a record."""

    def __missing__(self, cls: type[Any]) -> type[Any]:  # made when first read: a start needs few
        names = ("id", *CODECS[cls])
        made = make_dataclass(cls.__name__, names, slots=True, eq=False, repr=False)
        return self.setdefault(cls, made)


UNFROZEN = _Unfrozen()
