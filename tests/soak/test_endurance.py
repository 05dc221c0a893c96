"""The judge of a long life would notice a process that takes more and more (F26)."""

from __future__ import annotations

from tests.soak.endurance import LOOKS, SLACK, Look, judge
from tests.soak.figures import Figures


def judged(*, memory: int = 0, descriptors: float = 0, records: int = 0) -> dict[str, list[str]]:
    """What is found where these are more at each look than at the one before."""
    figures = Figures("endurance", 1)
    looks = [
        Look(70 * 10**6 + one * memory, 16 + int(one * descriptors), one * records)
        for one in range(LOOKS)
    ]
    judge(looks, figures)
    return figures.faults


def test_a_process_that_stays_as_it_is_or_grows_with_its_records_is_well() -> None:
    assert judged() == {}
    assert judged(memory=SLACK // 10, records=SLACK // 10 // 2048) == {}


def test_memory_that_grows_without_records_is_a_leak() -> None:
    assert list(judged(memory=SLACK // 10)) == ["memory"]


def test_a_descriptor_lost_now_and_then_is_a_leak() -> None:
    assert list(judged(descriptors=0.2)) == ["descriptors"]
