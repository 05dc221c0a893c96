"""Button strings as no client of ours sends them: none does anything, and each is answered.

``python -m tests.soak --only fuzz``: a hundred thousand mutated updates and a tenth as many strings.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter

from tests.bot.delivery import poison
from tests.bot.matrix.scene import a_college
from tests.bot.matrix.spec import OWN
from tests.bot.matrix.things import THINGS

AT_A_TIME = 5000  # mutated updates to one bot
STRINGS = 10  # of so many mutated updates one is a mutated button string
ROLES = ("student", "mentor", "committee", "secretary", "office", "unknown")
ODD = "\x00\u202e\ud83d .:/\\'\"%{}[]<>$0Az_-李"


def run(seed: int, times: int) -> dict[str, int]:
    """Return the figures of ``times`` mutated updates and of the strings. AssertionError: see `poison`, `press`."""
    figures = Counter[str]()
    for first in range(0, times, AT_A_TIME):
        figures.update(poison.run(seed + first, min(AT_A_TIME, times - first)))  # zeros are shown
    figures.update(asyncio.run(press(seed, max(1, times // STRINGS))))
    return dict(figures)


async def press(seed: int, times: int) -> dict[str, int]:
    """Press mutated strings of real buttons. AssertionError: one had an effect, or was not answered."""
    drawn = random.Random(seed)  # noqa: S311 - repeatable, not secret
    answered = 0
    async with a_college() as scene:
        real = [
            scene.button(role, *THINGS[name](scene, role, OWN))
            for role in ROLES[:-1]
            for name in ("confirm", "day claim", "form_press", "assign_add", "stage_anyway")
        ]
        while answered < times:
            string = mutated(drawn, drawn.choice(real))
            if string in real:
                continue
            effect = await scene.press(drawn.choice(ROLES), string)
            assert not effect.facts, (seed, string, effect)
            kinds = [kind for _, kind in effect.said]
            assert kinds in (["stale_button"], ["stranger"]), (seed, string, kinds)
            answered += 1
    return {"strings": answered, "strings with an effect": 0}


def mutated(drawn: random.Random, token: str) -> str:
    """Return the token cut, doubled, changed in a place, in another case, or something else altogether."""
    place = drawn.randrange(len(token) + 1)
    odd = "".join(drawn.choices(ODD, k=drawn.randrange(1, 64)))
    return drawn.choice(
        [
            token[:place],
            token + token,
            token[:place] + drawn.choice(ODD) + token[place + 1 :],
            token[:place] + drawn.choice(ODD) + token[place:],
            token.upper(),
            f" {token}",
            f"{token}\n",
            odd,
            str(drawn.randrange(-(10**18), 10**18)),
            "",
        ]
    )
