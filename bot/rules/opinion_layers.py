"""Which layers of an opinion are there: K1a, K1b, K1c, K2, K3 of policy § 6.2."""

from __future__ import annotations

from bot.rules import opinion_cues as cues
from bot.rules.opinion_text import clauses, sentences


def aspects(text: str) -> set[str]:
    """Which of K1a, K1b, K1c layer 1 covers.

    What is blamed or wished for is layer 2: “学习成绩还需提高” is no word on the work done.
    """
    praise = [clause for sentence in sentences(text) for clause in _praise(sentence)]
    return {code for code, cue in cues.ASPECTS.items() if any(map(cue.search, praise))}


def names_shortcoming(text: str) -> bool:
    """Whether K2 is satisfied: “没有明显不足” does not, nor does “从不拖延”."""
    return any(cues.SHORTCOMING.search(_own_weakness(clause)) for clause in clauses(text))


def names_direction(text: str) -> bool:
    """Whether K3 is satisfied; for a text, a sentence or a clause."""
    return cues.DIRECTION.search(text) is not None


def _praise(sentence: str) -> list[str]:
    found = []
    turned = False  # an opener rules to the end of its sentence or to the next 但
    for clause in clauses(sentence):
        opens = cues.OPENER.match(clause) is not None
        turned = opens or (turned and not clause.startswith("但"))
        if not (turned or names_shortcoming(clause) or names_direction(clause)):
            found.append(clause)
    return found


def _own_weakness(clause: str) -> str:
    """``clause`` without what only sounds like a shortcoming of this person."""
    for mask in (cues.NO_SHORTCOMING, cues.NEVER, cues.NOT_WEAK, cues.OTHERS_WEAKNESS):
        clause = mask.sub("", clause)
    return clause if cues.ADVICE.search(clause) else cues.FACED.sub("", clause)
