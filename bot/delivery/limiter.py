"""How fast the bot may speak: messages in any second, one a second per chat, twenty a minute per group.

Messages are spaced evenly. Let through in bursts, they would make an answer to a person wait for up
to a second behind a wave of reminders. What leaves a little late does not put off the ones after it:
a loop that always wakes two milliseconds late would else cost a wave a twentieth of its time.
"""

from __future__ import annotations

from collections import defaultdict, deque

CHAT_SECONDS = 1.05  # Telegram's one message a second and chat, with a little air
SECOND = 1.02  # with some air too, for a message may be a little longer on its way than another
MINUTE = 60.0
MANY_CHATS = 500  # from here on those that no longer matter are forgotten
LATE = 0.04  # seconds; whoever is later than that begins a rhythm of its own
LEAST = 1e-6  # seconds; what is left of a wait by rounding is no wait


class Limiter:
    """Says how long to wait before the next message; all times are seconds of one monotonic clock."""

    def __init__(self, overall: int, group_minute: int) -> None:
        self._gap = SECOND / overall
        self._group_minute = group_minute
        self._next = 0.0
        self._last: deque[float] = deque(maxlen=overall)  # when the last ones left
        self._chat: dict[int, float] = {}
        self._groups: defaultdict[int, deque[float]] = defaultdict(deque)
        self._halted_until = 0.0

    def halt_delay(self, now: float) -> float:
        """Return how long nothing at all may leave, because Telegram said so."""
        return rounded(self._halted_until - now)

    def overall_delay(self, now: float) -> float:
        """Return how long no message may leave: until the next slot, or the end of a halt."""
        slot = self._next
        if len(self._last) == self._last.maxlen:
            slot = max(slot, self._last[0] + SECOND)
        return max(rounded(slot - now), self.halt_delay(now))

    def chat_delay(self, chat: int, now: float) -> float:
        """Return how long nothing may leave to that chat (a negative id is a group)."""
        delay = self._chat[chat] + CHAT_SECONDS - now if chat in self._chat else 0.0
        sent = self._groups.get(chat)
        if sent and len(sent) >= self._group_minute:
            delay = max(delay, sent[-self._group_minute] + MINUTE - now)
        return rounded(delay)

    def note(self, chat: int, now: float) -> None:
        """A message to that chat leaves now."""
        self._next = (self._next if now - self._next < LATE else now) + self._gap
        self._last.append(now)
        self._chat[chat] = now
        if len(self._chat) > MANY_CHATS:
            self._chat = {one: at for one, at in self._chat.items() if now - at < CHAT_SECONDS}
        if chat < 0:
            minute = self._groups[chat]
            minute.append(now)
            while now - minute[0] >= MINUTE:
                minute.popleft()

    def halt(self, seconds: float, now: float) -> None:
        """Nothing leaves for that long: Telegram asked to wait (429)."""
        self._halted_until = max(self._halted_until, now + seconds)


def rounded(seconds: float) -> float:
    """Return the wait, or 0 where only rounding is left of it."""
    return seconds if seconds > LEAST else 0.0
