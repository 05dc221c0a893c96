"""What people of the rehearsal have really done, written down without looking at the bot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from storage.records import FormState, PersonId, TalkState

# One talk is enough, and the nearest to done counts (A11).
_BEST = (TalkState.CONFIRMED, TalkState.CLAIMED, TalkState.DISPUTED, TalkState.NONE)
_OPEN = frozenset({TalkState.NONE, TalkState.DISPUTED})


@dataclass(slots=True)
class Ledger:
    """Talks by (student, mentor), forms by student, and who has opened an account."""

    talks: dict[tuple[PersonId, PersonId], TalkState] = field(default_factory=dict)
    forms: dict[PersonId, FormState] = field(default_factory=dict)
    enrolled: set[PersonId] = field(default_factory=set)

    def claim(self, student: PersonId, mentor: PersonId) -> None:
        if self.talk(student, mentor) in _OPEN:
            self.talks[student, mentor] = TalkState.CLAIMED

    def set_talk(self, student: PersonId, mentor: PersonId, state: TalkState) -> None:
        self.talks[student, mentor] = state

    def talk(self, student: PersonId, mentor: PersonId) -> TalkState:
        return self.talks.get((student, mentor), TalkState.NONE)

    def claimants(self, mentor: PersonId) -> set[PersonId]:
        """Whose claims this mentor has not answered."""
        return {
            student
            for (student, asked), state in self.talks.items()
            if asked == mentor and state is TalkState.CLAIMED
        }

    def talk_totals(self, students: Iterable[PersonId]) -> Counter[TalkState]:
        return Counter(self._best(student) for student in students)

    def form_totals(self, students: Iterable[PersonId]) -> Counter[FormState]:
        return Counter(self.forms.get(one, FormState.NOT_HANDED_OUT) for one in students)

    def _best(self, student: PersonId) -> TalkState:
        states = {state for (one, _), state in self.talks.items() if one == student}
        return next((state for state in _BEST if state in states), TalkState.NONE)
