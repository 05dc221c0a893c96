"""`yinlu run`, up to where the bot goes to work."""

from __future__ import annotations

import gc

import pytest

from tests.support.command_line import CommandLine


def test_garbage_is_looked_for_while_the_bot_works_and_not_in_what_was_made_before(
    yinlu: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[bool] = []

    async def works(*_: object) -> None:
        looks.append(gc.isenabled())
        looks.append(gc.get_freeze_count() > 0)

    monkeypatch.setenv("YINLU_TOKEN", "4242:AAtestTestTESTtestTESTtestTESTtest")
    monkeypatch.setattr("bot.serve.logs.set_up", lambda _: None)
    monkeypatch.setattr("bot.serve.run", works)
    try:
        assert yinlu("run").code == 0
    finally:
        gc.unfreeze()
    assert looks == [True, True]
    assert gc.isenabled()
