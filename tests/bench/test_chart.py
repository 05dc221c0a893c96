"""The chart of the bench is drawn from what it measures, for colleges of a few people here."""

from __future__ import annotations

import pytest

from tests.bench import chart


def test_chart_has_a_line_for_each_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chart, "SIZES", (10, 20))
    monkeypatch.setattr(chart, "png", str.encode)
    svg = chart.drawn().decode()
    assert svg.count("<polyline") == len(chart.COSTS)
    assert all(name in svg for name in chart.COSTS)


def test_names_of_two_lines_that_end_at_one_place_stand_below_one_another() -> None:
    assert chart.apart([100.0, 103.0, 100.0, 300.0]) == [100.0, 140.0, 120.0, 300.0]
