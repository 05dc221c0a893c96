"""How fast the bot may speak."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from itertools import cycle, pairwise, repeat

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.limiter import Limiter

RATE, GROUP_MINUTE = 25, 20
PEOPLE, GROUPS = range(1, 60), range(-3, 0)


def sent_at(
    limiter: Limiter, chats: list[int], pauses: list[float], late: Iterable[float] = repeat(0.0)
) -> list[tuple[float, int]]:
    """Send to these chats as early as allowed, each after a pause of its own; return when.

    ``late``: how long after the end of each wait the sender is back.
    """
    now, sent = 0.0, []
    each = zip(chats, pauses, strict=True)
    for (chat, pause), extra in zip(each, late, strict=False):  # `late` may go on for ever
        now += pause
        while wait := max(limiter.overall_delay(now), limiter.chat_delay(chat, now)):
            now += wait + extra
        limiter.note(chat, now)
        sent.append((now, chat))
    return sent


def most_in(window: float, moments: list[float]) -> int:
    """How many fall into any half-open window of that length (seconds)."""
    return max(bisect_left(moments, at + window) - index for index, at in enumerate(moments))


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*PEOPLE, *GROUPS]),
            st.sampled_from([0.0, 0.0, 0.3, 2.0]),
            st.sampled_from([0.0, 0.002, 0.03, 0.039, 0.05]),
        ),
        min_size=1,
        max_size=150,
    )
)
def test_no_second_no_chat_and_no_group_ever_gets_more_than_telegram_takes(
    wanted: list[tuple[int, float, float]],
) -> None:
    chats, pauses, late = (list(each) for each in zip(*wanted, strict=True))
    sent = sent_at(Limiter(RATE, GROUP_MINUTE), chats, pauses, late)
    assert most_in(1.0, [at for at, _ in sent]) <= RATE
    for chat in {chat for _, chat in sent}:
        moments = [at for at, to in sent if to == chat]
        assert all(later - earlier >= 1.0 for earlier, later in pairwise(moments))
        if chat < 0:
            assert most_in(60.0, moments) <= GROUP_MINUTE


def test_a_wave_to_600_people_takes_as_long_as_the_rate_demands_and_hardly_longer() -> None:
    sent = sent_at(Limiter(RATE, GROUP_MINUTE), list(range(1, 601)), [0.0] * 600)
    assert most_in(1.0, [at for at, _ in sent]) == RATE
    assert sent[-1][0] <= 1.05 * 600 / RATE


def test_a_sender_that_always_wakes_late_loses_hardly_any_time_and_keeps_the_limit() -> None:
    late = cycle([0.001, 0.004, 0.03, 0.0])
    sent = sent_at(Limiter(RATE, GROUP_MINUTE), list(range(1, 601)), [0.0] * 600, late)
    assert most_in(1.0, [at for at, _ in sent]) == RATE
    assert sent[-1][0] <= 1.04 * 599 / RATE


def test_nothing_is_caught_up_after_a_pause() -> None:
    sent = sent_at(Limiter(RATE, GROUP_MINUTE), [1, 2, 3, 4], [0.0, 0.5, 0.0, 0.0])
    assert all(later - earlier >= 1 / RATE for earlier, later in pairwise(at for at, _ in sent))


def test_a_halt_stops_everything_until_it_is_over() -> None:
    limiter = Limiter(RATE, GROUP_MINUTE)
    limiter.halt(7, 100.0)
    limiter.halt(2, 101.0)  # a shorter one does not end the longer
    assert limiter.halt_delay(101.0) == limiter.overall_delay(101.0) == 6.0
    assert limiter.halt_delay(107.0) == 0.0


def test_chats_written_to_long_ago_are_forgotten() -> None:
    limiter = Limiter(1000, GROUP_MINUTE)
    for chat in range(1, 5000):
        limiter.note(chat, float(chat))
    assert len(limiter._chat) < 1000
    assert limiter.chat_delay(4999, 4999.0) > 1.0


def test_what_rounding_leaves_of_a_wait_is_no_wait() -> None:
    limiter = Limiter(RATE, GROUP_MINUTE)
    limiter.note(1, 0.1)
    rest = limiter.chat_delay(1, 0.1)
    assert limiter.chat_delay(1, 0.1 + rest - 1e-9) == 0.0
