"""Plain text: the second factor, a date that was asked for, or words that are understood or asked back."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.actions import enrol, question
from bot.delivery.redaction import WITHHELD
from bot.handlers import (
    about,
    assignments,
    choosing,
    days,
    desk_work,
    guide,
    introductions,
    mentor,
    mentor_words,
    office_dates,
    opinion,
    own_data,
    papers,
    plan,
    questions,
    reasons,
    receipts,
    status,
    student,
    student_words,
)
from bot.handlers.turn import Turn
from bot.refusal import Denied, Refusal
from bot.rules.claims import clauses
from bot.rules.dates import DayRead, read_day
from bot.rules.typed import fold
from bot.rules.utterance import Expects, Intent, Utterance, understand
from storage.records import Question, Row

COMMANDS: dict[str, Callable[[Turn], None]] = {
    "help": about.help,
    "status": status.status,
    "done": mentor.done,
    "guide": guide.guide,
    "undo": about.take_back,
    "mydata": own_data.mydata,
    "forms": desk_work.forms,
    "assign": assignments.assign,
    "intro": introductions.intro,
    "export": papers.export,
    "plan": plan.plan,
}
COMMAND_INTENTS = frozenset({Intent.COMMAND, Intent.UNDO})
# In a group nothing is asked that 是的 or 还没谈 could answer.
COUNT_ALOUD = frozenset({Intent.TALKED, Intent.CANNOT_REACH, Intent.NO_FORM})
# Each takes the text if it is meant for it.
FIRST_TO_ASK: tuple[Callable[[Turn], bool], ...] = (
    reasons.took,  # asked in words, which may be any
    receipts.took,
    opinion.took,
    assignments.took,
    choosing.took,
    office_dates.took,
    desk_work.narrowed,
)
DAY_OF_A_TALK = frozenset({"claim", "done", "redate", "list"})


_HAVE_THEY_TALKED = re.compile(r"[谈聊](?:话)?[了过完好]|谈没谈|聊没聊")
_GREETING = re.compile(r"(?:[你您]|老师|大家)们?好[啊呀]?[,。.]?|hi|hello|在吗\??")


def from_stranger(turn: Turn) -> None:
    """Somebody without account: the second factor if one is owed, else one polite sentence."""
    invite = enrol.pending(turn.desk, turn.telegram)
    if invite is None:
        raise Denied("stranger")
    if turn.text == WITHHELD:
        # It was in memory only, and the bot has restarted since.
        turn.reply(enrol.ask(turn.desk, turn.telegram, invite))
        return
    left = enrol.answer(turn.desk, turn.telegram, invite, turn.text)
    if left is not None:
        turn.reply("enrol_wrong" if left else "enrol_dead", tries=left)


def from_anyone(turn: Turn) -> None:
    """Any text that is no command."""
    row = turn.answered_row()
    if turn.person is None:
        if turn.private:
            from_stranger(turn)
        elif row is not None and not _is_courtesy(turn.text):
            raise Refusal("stranger")
        return
    if turn.text == WITHHELD:
        if turn.private or row is not None:
            raise Refusal("say_again")
        return
    if any(took(turn) for took in FIRST_TO_ASK):
        return
    if not turn.private and (row is None or not turn.branches or _is_courtesy(turn.text)):
        return
    asked = question.open_question(turn.desk, turn.who.id) if turn.private else None
    if asked is not None and asked.action == days.DAY and (read := _day_in(turn, asked)):
        days.typed(turn, dict(asked.args), read)
        return
    _meant(turn, row, asked)


def _understood(turn: Turn, expects: Expects | None) -> Utterance:
    term = turn.desk.term()
    week1 = term.week1 if term else None
    return understand(turn.text, turn.said_at.date(), week1, expects=expects)


def _day_in(turn: Turn, asked: Question) -> DayRead | None:
    """Return the date that answers our question. Of a talk's day the text must say nothing else:
    昨天没谈成 names a day and is no answer."""
    if asked.args["for"] not in DAY_OF_A_TALK:
        term = turn.desk.term()
        read = read_day(turn.text, turn.said_at.date(), term.week1 if term else None)
        return read if read.day or read.problem != "none" else None
    said = _understood(turn, Expects.DAY)
    if said.intent is not Intent.DATE_ONLY or said.names_text:
        return None
    return DayRead(said.day, "", said.day_doubt, said.day_problem)


def _meant(turn: Turn, row: Row | None, asked: Question | None) -> None:
    is_student = student.is_student(turn)
    expects = (
        student_words.expected(turn, row, asked) if is_student else mentor_words.expected(row)
    )
    said = _understood(turn, expects)
    if said.intent in COMMAND_INTENTS and said.command in COMMANDS:
        turn.admit(said.command)
        COMMANDS[said.command](turn)
        return
    asks = said.intent in (Intent.QUESTION, Intent.UNCLEAR)
    if turn.private and asks and questions.answered(turn, is_student=is_student):
        return
    _refuse_what_is_no_answer(turn, said, asked)
    if not turn.private and said.intent not in COUNT_ALOUD:
        raise Refusal("group_private")
    if said.intent is Intent.UNCLEAR and _GREETING.fullmatch(fold(turn.text)):
        about.help(turn)
    elif said.intent is Intent.UNCLEAR and _is_courtesy(turn.text):
        turn.reply("thanks")
    elif is_student:
        student_words.act(turn, row, said, is_judged=expects is Expects.VERDICT)
    else:
        mentor_words.act(turn, row, said)


def _refuse_what_is_no_answer(turn: Turn, said: Utterance, asked: Question | None) -> None:
    match said.intent:
        case Intent.WRITE_FOR_ME:
            raise Refusal("write_for_me")
        case Intent.BACKDATE:
            raise Refusal("backdate")
        case Intent.QUESTION if not _HAVE_THEY_TALKED.search(fold(turn.text)):
            raise Refusal("unknown_policy")
        case Intent.UNCLEAR if said.day_problem == "impossible":
            raise Refusal("day_impossible")
        case Intent.UNCLEAR if asked and asked.action == days.DAY and not _is_courtesy(turn.text):
            raise days.not_read(asked.args)


def _is_courtesy(text: str) -> bool:
    """收到, 好的, 谢谢老师: nothing is meant by it, and nothing need be asked."""
    return bool(re.search(r"[一-龥a-z]", fold(text))) and not clauses(fold(text))
