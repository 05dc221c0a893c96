"""Whatever people do and whatever dies meanwhile, what was accepted holds, once, and is said.

Hypothesis makes up histories: words, presses, /done, /undo, enrolment, reminders, clock steps, failing
sends, and power cuts at every place where one may hurt. Beside them runs the plainest possible model,
and after each step both must agree.
"""

from __future__ import annotations

import itertools
import json
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from typing_extensions import override

from bot import college
from bot.actions import enrol, throttle
from bot.rules.throttle import PER_ACCOUNT
from storage.records import InboxState, RowState
from storage.store import Store
from tests.histories.living_bot import Cut, LivingBot, Trouble
from tests.histories.model import MENTORS, NONE, PEOPLE, Model
from tests.support.clock import at

cuts = st.none() | st.sampled_from(Cut)
skips = st.integers(0, 2)
students = st.sampled_from(sorted(MENTORS))
mentors = st.sampled_from(sorted(set(MENTORS.values())))


class AnyHistory(RuleBasedStateMachine):
    """Rules are what may happen; the invariants are the promises."""

    acts = itertools.count()

    def __init__(self) -> None:
        super().__init__()
        self.bot = LivingBot()
        self.model = Model()
        self.theirs = itertools.count(10_000)

    @override
    def teardown(self) -> None:
        self.bot.close()

    # What people do

    @rule(student=students, cut=cuts, skip=skips)
    def a_student_writes_that_they_talked(self, student: str, cut: Cut | None, skip: int) -> None:
        now = self.bot.clock.now()
        self._say(student, "已谈", cut, skip)
        self.model.claim(student, now)

    @rule(student=students, cut=cuts, skip=skips)
    def a_teacher_writes_done(self, student: str, cut: Cut | None, skip: int) -> None:
        mentor, now = MENTORS[student], self.bot.clock.now()
        self._say(mentor, f"/done {student}", cut, skip)
        if mentor in self.model.enrolled:
            self.model.done(student, now)

    @rule(who=st.sampled_from(PEOPLE), cut=cuts, skip=skips)
    def somebody_takes_the_last_act_back(self, who: str, cut: Cut | None, skip: int) -> None:
        now = self.bot.clock.now()
        self._say(who, "/undo", cut, skip)
        if who in self.model.enrolled:
            self.model.undo(who, now)

    @rule(pick=st.randoms(use_true_random=False), cut=cuts, skip=skips)
    def somebody_presses_an_answer(self, pick: Any, cut: Cut | None, skip: int) -> None:
        found = self._buttons({"confirm", "deny", "did_not_talk"})
        if not found:
            return
        chat, message, token = pick.choice(found)
        button = self._button(token)
        assert button is not None
        student = self._student_of(button.args["talk"])
        now = self.bot.clock.now()
        self._press(chat, message, token, cut, skip)
        if student is None:
            return
        match button.action:
            case "confirm":
                self.model.confirm(student, now)
            case "deny":
                self.model.deny(student, now)
            case _:
                self.model.object(student, now)

    @rule(pick=st.randoms(use_true_random=False), who=st.sampled_from(PEOPLE), cut=cuts)
    def somebody_presses_what_is_not_theirs(self, pick: Any, who: str, cut: Cut | None) -> None:
        own = self.bot.cast.telegram[who]
        found = [one for one in self._buttons(None) if one[0] != own]
        if found:
            _, message, token = pick.choice(found)
            self._press(own, message, token, cut, 0)

    # Whoever has failed five times within the hour has to wait: that is told elsewhere.
    @precondition(
        lambda self: (
            "郑老师" not in self.model.enrolled
            and len(throttle.recent(self.bot.desk)) < PER_ACCOUNT
        )
    )
    @rule(cut=cuts, skip=skips, is_right=st.booleans())
    def a_teacher_opens_an_invite(self, cut: Cut | None, skip: int, is_right: bool) -> None:
        mentor = self.bot.cast["郑老师"]
        with self.bot.desk.store.transaction():
            ((_, token, _),) = enrol.issue(self.bot.desk, [mentor])
        self._say("郑老师", f"/start {token}", cut, skip)
        factor = mentor.number[-4:] if is_right else "0000"
        self._say("郑老师", factor, cut, skip)
        if cut is not None and not college.is_enrolled(self.bot.desk.store, mentor.id):
            self._say("郑老师", factor, None, 0)  # it was in memory only: the bot asks once more
        if is_right:
            self.model.enrolled.add("郑老师")

    # What the world does

    @rule(hours=st.sampled_from([0.1, 0.2, 1, 5, 24, 72]), cut=cuts, skip=skips)
    def time_passes(self, hours: float, cut: Cut | None, skip: int) -> None:
        self.bot.clock.advance(hours=hours)
        self.bot.tick(cut, skip)

    @precondition(lambda self: self.bot.clock.now() > at(2026, 9, 9))
    @rule(hours=st.sampled_from([1, 24]))
    def the_clock_is_set_back(self, hours: int) -> None:
        self.bot.clock.advance(hours=-hours)
        self.bot.tick()

    @rule(trouble=st.sampled_from(Trouble))
    def the_next_call_fails(self, trouble: Trouble) -> None:
        self.bot.wire.trouble = trouble

    @rule()
    def the_process_dies_at_rest(self) -> None:
        self.bot.die()

    # The promises

    @invariant()
    def every_talk_stands_where_people_were_told(self) -> None:
        store, term = self.bot.desk.store, self.bot.desk.term()
        assert term is not None
        for student, known in self.model.talks.items():
            (pairing,) = store.pairings.where("student", self.bot.cast[student].id)
            talk = college.talk_of(store, pairing, term)
            present = (talk.state, talk.day) if talk else (NONE, None)
            assert present == (known.state, known.day), student

    @invariant()
    def whoever_enrolled_is_enrolled(self) -> None:
        store, cast = self.bot.desk.store, self.bot.cast
        live = {one.person for one in store.accounts if one.until is None}
        for name in PEOPLE:
            assert (cast[name].id in live) == (name in self.model.enrolled), name

    @invariant()
    def nothing_heard_is_left_lying(self) -> None:
        assert not self.bot.desk.store.inbox.where("state", InboxState.WAITING)
        assert not self.bot.desk.store.inbox.where("state", InboxState.DEAD)

    @invariant()
    def a_reminder_is_put_on_the_way_once(self) -> None:
        keys = [key for row in self.bot.desk.store.outbox for key in row.keys]
        assert len(keys) == len(set(keys))

    @invariant()
    def no_message_comes_twice_without_a_mark(self) -> None:
        wire = self.bot.wire
        left = [
            row
            for row in self.bot.desk.store.outbox
            if row.edits is None and row.kind not in {"pop", "menu"} and row.attempts
        ]
        assert wire.first_copies <= len(left)
        assert wire.marked_copies <= wire.doubtful
        assert not self.bot.desk.store.outbox.where("state", RowState.DEAD)

    @invariant()
    def what_is_on_disk_is_what_is_known(self) -> None:
        beside = Store.read(self.bot.folder / "store")
        assert json.dumps(beside.contents().tables, sort_keys=True) == json.dumps(
            self.bot.desk.store.contents().tables, sort_keys=True
        )
        beside.close()

    # Telegram's side

    def _say(self, who: str, text: str, cut: Cut | None, skip: int) -> None:
        telegram = self.bot.cast.telegram[who]
        message = self._from(telegram, next(self.theirs)) | {"text": text}
        next(self.acts)
        if text.startswith("/"):
            command = {"type": "bot_command", "offset": 0, "length": len(text.split()[0])}
            message["entities"] = [command]
        self.bot.hear({"message": message}, cut, skip)

    def _press(self, telegram: int, message: int, token: str, cut: Cut | None, skip: int) -> None:
        next(self.acts)
        pressed = {
            "id": f"q{next(self.theirs)}",
            "from": {"id": telegram, "is_bot": False, "first_name": "某"},
            "chat_instance": "1",
            "message": self._from(telegram, message),
            "data": token,
        }
        self.bot.hear({"callback_query": pressed}, cut, skip)

    def _from(self, telegram: int, message: int) -> dict[str, Any]:
        return {
            "message_id": message,
            "date": int(self.bot.clock.now().timestamp()),
            "chat": {"id": telegram, "type": "private"},
            "from": {"id": telegram, "is_bot": False, "first_name": "某"},
        }

    def _buttons(self, actions: set[str] | None) -> list[tuple[int, int, str]]:
        """Return chat, message and token of what can be pressed now; None: whatever it does."""
        return [
            (one.chat, one.id, token)
            for one in self.bot.wire.shown.values()
            for token in one.buttons.values()
            if actions is None or ((known := self._button(token)) and known.action in actions)
        ]

    def _button(self, token: str) -> Any:
        return self.bot.desk.store.buttons.one("token", token)

    def _student_of(self, talk: int) -> str | None:
        """Return whose talk that is; None: it has been taken back, or is not in the model."""
        store = self.bot.desk.store
        found = store.talks.get(talk)
        if found is None:
            return None
        student = store.pairings[found.pairing].student
        names = {self.bot.cast[name].id: name for name in MENTORS}
        return names.get(student)


def play(histories: int, *, steps: int = 50, number: int | None = None) -> int:
    """Make up that many histories of at most so many steps; return how many acts people did.

    ``number`` seeds them; None: other ones each time. AssertionError: a promise was broken.
    """

    class Seeded(AnyHistory):
        acts = itertools.count()

    if number is not None:
        seed(number)(Seeded)
    plan = settings(
        max_examples=histories,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=[
            Phase.generate
        ],  # a history as it was found tells enough, and shrinking takes minutes
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    run_state_machine_as_test(Seeded, settings=plan)
    return next(Seeded.acts)


def run(number: int, times: int) -> dict[str, int]:
    """The large form: ``times`` histories of up to 50 steps."""
    return {"histories": times, "acts": play(times, number=number)}
