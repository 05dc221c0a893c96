"""Everybody tries everything, everywhere, on everybody: each cell of the matrix through the real dispatcher."""

from __future__ import annotations

import pytest

from bot.app import COMMANDS
from bot.handlers import press, words
from tests.bot.matrix import spec
from tests.bot.matrix.scene import STUDENTS, Effect, Scene, a_college
from tests.bot.matrix.spec import ROLES, ties
from tests.bot.matrix.things import THINGS, Pressed

STRANGERS = frozenset({"unknown", "revoked"})
MISSING = "has no cells: say who may, in tests/bot/matrix/spec.py"


def test_every_command_every_word_and_every_button_has_its_cells() -> None:
    assert set(COMMANDS) == set(spec.COMMANDS), MISSING
    assert {does for does in spec.WORDS.values() if isinstance(does, str)} >= set(
        words.COMMANDS
    ), MISSING
    assert {name.split()[0] for name in spec.BUTTONS} == set(press.BUTTONS), MISSING
    assert set(THINGS) == set(spec.BUTTONS), "a button of the matrix, and what it carries"


def wrong(scene: Scene, role: str, effect: Effect, *, allowed: bool) -> str:
    """Say what is not as the manual says; nothing: all is well."""
    kinds = {kind for _, kind in effect.said}
    if allowed:
        refused = effect.denied or kinds & (spec.REFUSALS - {"group_private"})
        return f"refused with {kinds}" if refused else ""
    if effect.facts:
        return f"changed {sorted(effect.facts)} and said {kinds}"
    if kinds - spec.REFUSALS:
        return f"said {kinds}"
    own = {scene.telegram[role], -100, -200}
    return "" if {chat for chat, _ in effect.said} <= own else "told somebody else"


def made(scene: Scene, name: str, role: str, whose: str) -> Pressed:
    return THINGS[name](scene, role, whose)


@pytest.mark.parametrize("role", ROLES)
async def test_button_acts_for_whom_the_manual_says_and_for_nobody_else(role: str) -> None:
    faults = []
    async with a_college() as scene:
        for name, needed in spec.BUTTONS.items():
            for whose in spec.OBJECTS:
                for place in spec.PLACES:
                    allowed = place == spec.PRIVATE and bool(needed & ties(role, whose))
                    token = scene.button(role, *made(scene, name, role, whose))
                    effect = await scene.press(role, token, place)
                    if fault := wrong(scene, role, effect, allowed=allowed):
                        faults.append(f"{role} {name} {whose} {place}: {fault}")
                    if effect.facts:
                        scene.go_back()
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("role", ROLES)
async def test_command_acts_for_whom_and_where_the_manual_says(role: str) -> None:
    faults = []
    async with a_college() as scene:
        for name, (needed, places) in spec.COMMANDS.items():
            for whose in spec.OBJECTS:
                for place in spec.PLACES:
                    allowed = place in places and bool(needed & ties(role, whose))
                    effect = await scene.say(role, f"/{name} {STUDENTS[whose]}", place)
                    if fault := wrong(scene, role, effect, allowed=allowed):
                        faults.append(f"{role} /{name} {whose} {place}: {fault}")
                    if effect.facts:
                        scene.go_back()
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("role", ROLES)
async def test_words_do_for_whom_and_where_what_the_command_does(role: str) -> None:
    faults = []
    async with a_college() as scene:
        for text, does in spec.WORDS.items():
            for whose in spec.OBJECTS:
                for place in spec.PLACES:
                    needed = spec.COMMANDS[does][0] if isinstance(does, str) else does
                    allowed = place == spec.PRIVATE and bool(needed & ties(role, whose))
                    said = text.format(name=STUDENTS[whose])
                    effect = await scene.say(role, said, place)
                    if place != spec.PRIVATE and effect.said:
                        faults.append(f"{role} {said} {place}: answered a mere word in a group")
                    elif not allowed and (fault := wrong(scene, role, effect, allowed=False)):
                        faults.append(f"{role} {said} {place}: {fault}")
                    elif allowed and effect.denied:
                        faults.append(f"{role} {said} {place}: denied")
                    faults += strange_deeds(scene, role, effect, said)
                    if effect.facts:
                        scene.go_back()
    assert not faults, "\n".join(faults)


def strange_deeds(scene: Scene, role: str, effect: Effect, said: str) -> list[str]:
    """Return what was recorded in another's name, or about somebody who is none of one's business."""
    person = scene.person(role)
    tied = [whose for whose in spec.OBJECTS if (role, whose) in spec.TO]
    about = {None, person and person.id, *map(scene.student, tied)}
    return [
        f"{role} {said}: recorded {one['what']}"
        for one in effect.deeds
        if one["by"] != (person and person.id) or one["about"] not in about
    ]


async def test_button_pressed_by_another_does_nothing_and_says_so_over_the_chat() -> None:
    async with a_college() as scene:
        owner = scene.people["赵一"].id
        for name in spec.BUTTONS:
            for role in ROLES:
                token = scene.button(role, *made(scene, name, role, spec.OWN), owner=owner)
                effect = await scene.press(role, token)
                expected = "stranger" if role in STRANGERS else "foreign_button"
                assert effect.said == [(scene.telegram[role], expected)], (name, role)
                assert not effect.facts, (name, role)
                assert effect.denied, (name, role)


async def test_button_that_has_expired_does_nothing_and_says_so() -> None:
    async with a_college() as scene:
        for name in spec.BUTTONS:
            for role in ("student", "mentor", "secretary"):
                token = scene.button(role, *made(scene, name, role, spec.OWN), expires=0)
                effect = await scene.press(role, token)
                assert effect.said == [(scene.telegram[role], "stale_button")], (name, role)
                assert not effect.facts, (name, role)


async def test_button_pressed_again_has_no_second_effect() -> None:
    """Asking anew for a day may be repeated; a fact is recorded once."""
    async with a_college() as scene:
        again = []
        for name, needed in spec.BUTTONS.items():
            for role in ("student", "mentor", "committee", "secretary"):
                if not needed & ties(role, spec.OWN):
                    continue
                token = scene.button(role, *made(scene, name, role, spec.OWN))
                first = await scene.press(role, token)
                if first.deeds:
                    second = await scene.press(role, token)
                    if second.deeds:
                        again.append(name)
                if first.facts:
                    scene.go_back()
        assert set(again) == spec.TOGGLES
