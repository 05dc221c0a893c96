"""Finding people by a typed name, and telling people of one name apart."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Generic, Protocol, TypeVar

from bot.rules.spelling import initials, spellings
from bot.rules.surnames import surname, untitled
from bot.rules.typed import fold
from storage.records import PersonId, Stage


class Named(Protocol):
    """What is asked of a person here; ``storage.records.Person`` has it."""

    @property
    def id(self) -> PersonId: ...
    @property
    def name(self) -> str: ...
    @property
    def class_name(self) -> str | None: ...
    @property
    def stage(self) -> Stage: ...
    @property
    def stage_since(self) -> date | None: ...


P = TypeVar("P", bound=Named)


@dataclass(frozen=True, slots=True)
class Found(Generic[P]):
    """``exact``: everyone the words may mean (several: ask which). ``near``: else, to ask."""

    exact: tuple[P, ...] = ()
    near: tuple[P, ...] = ()


@dataclass(frozen=True, slots=True)
class Sought(Generic[P]):
    """One name out of a list of them, and who was found for it."""

    words: str
    found: Found[P]


_MOST_NEAR = 5  # buttons under 「您是说…」
_STAGE = {
    Stage.ACTIVIST: "入党积极分子",
    Stage.CANDIDATE: "发展对象",
    Stage.PROBATIONARY: "预备党员",
    Stage.FULL: "正式党员",
}


def split_names(text: str) -> list[str]:
    """张三 李四、王五和赵六 one by one, folded. 李和平 stays whole; so does 张三李四."""
    return [word for part in _parts(text) for word in part.split()]


def find_each(text: str, people: Sequence[P]) -> list[Sought[P]]:
    """Every name in ``text``, in its order. ``li ming`` and 李明 计科2201 are one name each."""
    return [sought for part in _parts(text) for sought in _each(part.split(), people)]


def find(query: str, people: Sequence[P]) -> Found[P]:
    """Who of ``people`` is meant by one name: never a guess between several, in their order.

    Tried in turn until somebody is found: the name, 王老师, pinyin, initials; each may stand
    beside a part of the class, which then counts. ``near``, the first that fits: a surname that few
    have, the same sound, 小李 or a given name, one wrong letter, one wrong character; at most five.
    """
    words = _squeezed(query)
    if not words:
        return Found()
    for matches in (_is_name, _is_address, _is_spelling, _are_initials):
        exact = tuple(person for person in people if matches(words, person))
        if exact:
            return Found(exact)
    bare = untitled(words)
    family = tuple(person for person in people if surname(person.name) == bare)
    if 0 < len(family) <= _MOST_NEAR:
        return Found(near=family)
    for resembles in (_sounds_alike, _is_familiar, _one_letter_off, _one_character_off):
        near = tuple(person for person in people if resembles(bare, _squeezed(person.name)))
        if near:
            return Found(near=near[:_MOST_NEAR])
    return Found()


def tell_apart(people: Iterable[P]) -> dict[PersonId, str]:
    """A label per person, different for all: the name, and for namesakes what tells them apart.

    In turn and only where it helps: class, stage, 「3月14日起」, at last （一）（二） by id
    (PRODUCT § 5).
    """
    namesakes: defaultdict[str, dict[PersonId, P]] = defaultdict(dict)
    for person in people:
        namesakes[person.name][person.id] = person
    labels: dict[PersonId, str] = {}
    for name, group in namesakes.items():
        marked = _marked(sorted(group.values(), key=lambda person: person.id), _MARKS)
        for id_, marks, place in marked:
            labels[id_] = name + (f"（{'，'.join(marks)}）" if marks else "") + place
    return labels


def _since(person: Named) -> str | None:
    since = person.stage_since
    return f"{since.month}月{since.day}日起" if since else None


_Mark = Callable[[Named], str | None]
_MARKS: tuple[_Mark, ...] = (
    lambda person: person.class_name,
    lambda person: _STAGE[person.stage],
    _since,
)


def _marked(
    people: Sequence[Named], marks: Sequence[_Mark]
) -> Iterator[tuple[PersonId, tuple[str, ...], str]]:
    """Per person: id, the marks that helped, and （一） where none did."""
    if len(people) == 1:
        yield people[0].id, (), ""
        return
    if not marks:
        for count, person in enumerate(people, start=1):
            yield person.id, (), f"（{_chinese(count)}）"
        return
    alike: defaultdict[str | None, list[Named]] = defaultdict(list)
    for person in people:
        alike[marks[0](person)].append(person)
    for mark, group in alike.items():
        shown = (mark,) if mark and len(alike) > 1 else ()
        for id_, more, place in _marked(group, marks[1:]):
            yield id_, shown + more, place


def _chinese(count: int) -> str:
    """1 to 99 as 一 to 九十九; more in digits, which nobody counts through anyway."""
    if count > 99:
        return str(count)
    tens, ones = divmod(count, 10)
    digits: tuple[str, ...] = ("", *"一二三四五六七八九")
    return (digits[tens] if tens > 1 else "") + ("十" if tens else "") + digits[ones]


def _parts(text: str) -> list[str]:
    """Cut at separators; 和 is one only between words of two characters (李和平 is a name)."""
    return re.split(
        r"[、,，;；/。.+&\n]|(?<=[一-龥]{2})\s*[和跟与及]\s*(?=[一-龥]{2})", fold(text)
    )


def _each(words: Sequence[str], people: Sequence[P]) -> Iterator[Sought[P]]:
    place = 0
    while place < len(words):
        size = _length_of_name(words[place:], people)
        said = " ".join(words[place : place + size])
        yield Sought(said, find(said, people))
        place += size


def _length_of_name(words: Sequence[str], people: Sequence[P]) -> int:
    """How many of the next words are one name: more than one only if they say nothing apart."""
    for size in range(min(len(words), 3), 1, -1):
        apart = all(find(word, people).exact for word in words[:size])
        if not apart and find(" ".join(words[:size]), people).exact:
            return size
    return 1


@lru_cache(maxsize=4096)
def _squeezed(text: str) -> str:
    """Folded, without spaces, accents and marks: Lǐ Míng → liming."""
    letters = unicodedata.normalize("NFD", fold(text))
    return "".join(c for c in letters if c.isalnum())


def _fits(words: str, keys: Iterable[str], person: Named) -> bool:
    """Whether ``words`` are one of ``keys``, alone or beside a part of the person's class."""
    group = _squeezed(person.class_name or "")
    return any(key in words and words.replace(key, "", 1) in group for key in keys)


def _is_name(words: str, person: Named) -> bool:
    return any(_fits(form, (_squeezed(person.name),), person) for form in (words, untitled(words)))


def _is_address(words: str, person: Named) -> bool:
    bare, family = untitled(words), surname(person.name)
    return bare != words and (bare == family or bare in spellings(family))


def _is_spelling(words: str, person: Named) -> bool:
    return _fits(untitled(words), spellings(_squeezed(person.name)), person)


def _are_initials(words: str, person: Named) -> bool:
    return _fits(untitled(words), initials(_squeezed(person.name)), person)


def _sounds_alike(bare: str, name: str) -> bool:
    return not spellings(bare).isdisjoint(spellings(name))


def _is_familiar(bare: str, name: str) -> bool:
    family = surname(name)
    short = bare[1:] if bare[0] in "小老阿" else bare
    return short in {name.removeprefix(family)} - {""} or (short == family and short != bare)


def _one_letter_off(bare: str, name: str) -> bool:
    from rapidfuzz.distance import OSA  # 0.1 s and 20 MB: only when a name was mistyped

    return any(
        len(typed) > 3 and OSA.distance(typed, spelt, score_cutoff=1) <= 1
        for typed in spellings(bare)
        for spelt in spellings(name)
    )


def _one_character_off(bare: str, name: str) -> bool:
    from rapidfuzz.distance import OSA

    return len(bare) > 1 and OSA.distance(bare, name, score_cutoff=1) <= 1
