"""Whether a text is an opinion at all: what only an introducer's opinion is likely to hold together."""

from __future__ import annotations

from typing import Final

from bot.rules.opinion_agreement import without_agreement
from bot.rules.opinion_attitude import is_willing, meets_conditions
from bot.rules.opinion_layers import aspects, names_shortcoming
from bot.rules.opinion_text import prepare

ENOUGH: Final = 3  # signs that make an opinion of a text that nobody has asked for


def signs(text: str) -> int:
    """How many of an opinion's parts are found, 0 to 6: three aspects, a shortcoming, an attitude, agreement."""
    own, agrees = without_agreement(prepare(text))
    return len(aspects(own)) + sum((names_shortcoming(own), _takes_a_stand(own), agrees))


def is_signed(text: str) -> bool:
    """Whether somebody says in it, as an introducer does, that conditions are met or that they are willing."""
    own, agrees = without_agreement(prepare(text))
    return agrees or _takes_a_stand(own)


def _takes_a_stand(own: str) -> bool:
    return meets_conditions(own) is not None or is_willing(own) is not None
