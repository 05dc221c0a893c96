"""What must not get about is marked, everything is driven, and the markers are looked for (X9, X16)."""

from __future__ import annotations

from tests.bot.matrix import canary, spec


def test_markers_are_in_no_group_no_log_no_file_and_read_only_by_whom_it_concerns() -> None:
    figures, leaks, much = canary.run((spec.OWN,))
    assert not leaks, "\n".join(leaks)
    assert much["calls"] > 1000
    assert much["presses in groups"] == 2 * len(spec.ROLES) * (len(spec.BUTTONS) + 1)
    assert much["reminders"] > 30
    for what in (canary.NAME, canary.WORDS, "QWHY", "QWISH", "QCLS"):
        assert figures[what, canary.THEIRS], f"{what} was not driven: nothing could have got out"
