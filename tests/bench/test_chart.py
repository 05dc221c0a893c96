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
