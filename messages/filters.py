"""The filters that texts may use: dates, names and counts in the one wording of policy § 5.1.

They return plain text; Jinja escapes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Sized
from datetime import date, datetime

from jinja2 import Environment, pass_context
from jinja2.runtime import Context

from messages.facts import (
    ACTS,
    AWAY,
    CONSENT,
    DECISIONS,
    DEEDS,
    DIFFERENCES,
    FORM_WORDS,
    LISTS,
    MENTOR_ROLES,
    MISSING,
    NOTES,
    READS,
    RELIEFS,
    ROLES,
    SHORTFALLS,
    STAGES,
    TALK_WORDS,
    ActLine,
    Difference,
    Named,
)
from messages.own_facts import HELD, HELD_ANSWERS, HELD_DAYS, HELD_MARKS, Counted, Held
from storage.records import Away, Decision, FormState, Relief, Role, Stage, TalkState

OTHER_DEEDS = "其他"
NAMES_SHOWN = 60  # names of one list written out, unless the render asks for fewer
SHOWN = "names_shown"  # the render's own variable; no message may need one of this name

_WEEKDAYS = "一二三四五六日"
_WORDS: Mapping[str, str] = {
    **{f"{type(key).__name__}.{key}": word for key, word in RELIEFS.items()},
    **{f"{type(key).__name__}.{key}": word for key, word in TALK_WORDS.items()},
    **{f"{type(key).__name__}.{key}": word for key, word in FORM_WORDS.items()},
    **{f"{type(key).__name__}.{key}": word for key, word in STAGES.items()},
    **{f"{type(key).__name__}.{key}": word for key, word in MENTOR_ROLES.items()},
    **{f"{type(key).__name__}.{key}": word for key, word in DECISIONS.items()},
    **{f"{type(key).__name__}.{key}": word for key, word in AWAY.items()},
}


def day(value: date) -> str:
    """``9月27日（周日）``: the only way in which a date is written."""
    return f"{value.month}月{value.day}日（周{_WEEKDAYS[value.weekday()]}）"


def clock(value: datetime) -> str:
    """``16:05``, behind its day."""
    return f"{value:%H:%M}"


def until(deadline: date, today: date) -> str:
    """A deadline as read on ``today`` (policy § 5.1): ahead, on the day itself, past."""
    if today < deadline:
        return f"最迟{day(deadline)}（含当天）"
    return f"最迟今天，{day(deadline)}" if today == deadline else "请尽快"


def span(first: date, last: date) -> str:
    """``9月14日（周一）至9月27日（周日）``, both ends included."""
    return f"{day(first)}至{day(last)}"


def word(value: TalkState | FormState | Stage | Role | Decision | Away | Relief) -> str:
    """The fixed word for a state, a stage, a mentor's role, a decision or an absence."""
    return _WORDS[f"{type(value).__name__}.{value}"]


def titled(people: Iterable[Named]) -> str:
    """``王芳老师、张三同志``."""
    return "、".join(person.titled for person in people)


def who(person: Named | None, otherwise: str = "支部") -> str:
    """The person with title, or what to say while the post is vacant (A23)."""
    return otherwise if person is None else person.titled


@pass_context
def names(context: Context, people: Sequence[Named], most: int = NAMES_SHOWN) -> str:
    """A list of names; a very long one is cut and ends in 等72人, after ``most`` where a button has them all."""
    shown = min(most, context.get(SHOWN, NAMES_SHOWN))
    text = "、".join(person.label for person in people[:shown])
    return text if len(people) <= shown else f"{text}等{len(people)}人"


@pass_context
def shown(context: Context, lines: Sequence[object]) -> Sequence[object]:
    """The lines of a list that are written out: as many as of names."""
    return lines[: context.get(SHOWN, NAMES_SHOWN)]


@pass_context
def beyond(context: Context, lines: Sequence[object]) -> int:
    """How many lines of a list are not `shown`."""
    return len(lines) - len(shown(context, lines))


@pass_context
def counts(
    context: Context,
    parts: Mapping[str, int | Sequence[Named]],
    unit: str,
    separator: str = "；",
) -> str:
    """``未谈2位：甲、乙；待核实1位：丙``; parts that count 0 are left out, perhaps all of them."""
    said = []
    for label, part in parts.items():
        number = len(part) if isinstance(part, Sized) else part
        if number:
            listed = f"：{names(context, part)}" if not isinstance(part, int) else ""
            said.append(f"{label}{number}{unit}{listed}")
    return separator.join(said)


@pass_context
def shortfalls(
    context: Context, parts: Mapping[str, int | Sequence[Named]], separator: str = "；"
) -> str:
    """``入党介绍人不足两名1人：甲``, by its keys in `SHORTFALLS`; nothing where nothing falls short."""
    worded = {SHORTFALLS[key]: part for key, part in parts.items()}
    return counts(context, worded, "人", separator)


def totals(talk: Mapping[TalkState, int], separator: str = "，") -> str:
    """All four states, also those that count 0, so that they add up (policy § 5.1)."""
    return separator.join(f"{said}{talk.get(state, 0)}人" for state, said in TALK_WORDS.items())


def lacks(missing: Iterable[str]) -> str:
    """The words for what is missing, by its keys in `MISSING`."""
    return "、".join(MISSING[key] for key in missing)


def note_words(notes: Iterable[str]) -> str:
    """The words for what came in an unusual order, by its keys in `NOTES`."""
    return "、".join(NOTES[key] for key in notes)


def role_words(roles: Iterable[str]) -> str:
    return "、".join(ROLES[role] for role in roles)


def consent_word(key: str) -> str:
    return CONSENT[key]


def list_word(listing: str) -> str:
    return LISTS[listing]


def difference(one: Difference) -> str:
    """``新增2：甲、乙``; of more than are named ``新增7：甲、乙等``."""
    said = f"{DIFFERENCES[one.what]}{one.count}"
    if not one.names:
        return said
    return f"{said}：{'、'.join(one.names)}{'等' if one.count > len(one.names) else ''}"


def clause(typed: str) -> str:
    """What somebody typed, as it stands inside a sentence that goes on: its own full stop is left out."""
    return typed.rstrip("。.！!；; ")


def held(one: Held) -> str:
    """A record about the reader in one line: ``半年考察谈话：周文老师，9月14日（周一）谈话，……``."""
    days = zip((one.day, one.recorded, one.until), HELD_DAYS[one.what], strict=True)
    parts = [
        clause(one.name),
        "" if one.other is None else one.other.titled,
        one.term or "",
        "" if one.state is None else word(one.state),
        *(f"{when.year}年{day(when)}{words}" for when, words in days if when is not None),
        *(HELD_MARKS[mark] for mark in one.marks),
        "" if one.consent is None else HELD_ANSWERS[one.what][0 if one.consent else 1],
        one.reply or "",
    ]
    role = "" if one.role is None else word(one.role)
    head = f"{HELD[one.what]}（{role}）" if one.what == "mentoring" else f"{HELD[one.what]}{role}"
    return f"{head}：{'，'.join(part for part in parts if part)}"


def deed_counts(counted: Iterable[Counted]) -> str:
    """``谈话登记2次（最近9月14日（周一））``, joined by 、."""
    words = {**ACTS, **READS, "other": OTHER_DEEDS}
    return "；".join(f"{words[one.what]}{one.times}次，最近{day(one.last)}" for one in counted)


def deed_word(what: str) -> str:
    return DEEDS[what]


def act_word(what: str) -> str:
    return ACTS[what]


def act_days(act: ActLine) -> str:
    """``9月14日（周一）``, or what it was and what it became; nothing where no day belongs to it.

    A day of another year than the act's says which.
    """
    was, now = (
        "" if one is None else ("" if one.year == act.at.year else f"{one.year}年") + day(one)
        for one in (act.was, act.day)
    )
    return f"{was}改为{now}" if was and now and was != now else now


def clauses(parts: Iterable[str]) -> str:
    """The parts that say something, joined by ；."""
    return "；".join(part for part in parts if part)


def install(environment: Environment) -> None:
    """Gives the environment every filter of this module under its own name."""
    for function in (
        day,
        clock,
        until,
        span,
        word,
        titled,
        who,
        names,
        shown,
        beyond,
        counts,
        shortfalls,
        totals,
        lacks,
        note_words,
        role_words,
        consent_word,
        list_word,
        deed_word,
        clause,
        held,
        deed_counts,
        act_word,
        act_days,
        difference,
        clauses,
    ):
        environment.filters[function.__name__] = function
