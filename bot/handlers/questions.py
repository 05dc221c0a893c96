"""Questions in plain words that a command, a page of the guide or one sentence answers."""

from __future__ import annotations

from bot.handlers import about, guide, shortfalls, status
from bot.handlers.turn import Turn
from bot.refusal import Refusal
from bot.rules.topics import Topic, topic

PAGES = {
    Topic.ASKING: "guide_ask",
    Topic.WRITING: "guide_writing",
    Topic.DUTIES: "guide_weeks",
    Topic.BRANCHES: "guide_branches",
}


def answered(turn: Turn, *, is_student: bool) -> bool:
    """Answer what is asked about, if that is known here; False: it is not."""
    match topic(turn.text):
        case None:
            return False
        case Topic.OTHERS if is_student:
            raise Refusal("other_student")
        case Topic.OTHERS | Topic.PROGRESS:
            turn.admit("status")
            status.status(turn)
        case Topic.CHANGE:
            raise Refusal("mentors_are_assigned")
        case Topic.CONTACT:
            raise Refusal("no_contact_details")
        case Topic.USE:
            about.help(turn)
        case Topic.PAIRINGS:
            turn.admit("shortfalls")
            shortfalls.show(turn)
        case asked:
            turn.admit("guide")
            guide.open_at(turn, PAGES[asked])
    return True
