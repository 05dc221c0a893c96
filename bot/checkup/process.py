"""The running process, by its own word: what it has heard, said and done of late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.checkup.check import Check, lasting
from bot.control import PULSE, ask
from bot.delivery.watchdog import Limits
from storage.lock import is_held
from storage.replay import LOCK

PATIENCE = 5.0  # seconds in which a loop that is alive answers
ALARM = 60.0  # seconds of silence or Conflict
LIMITS = Limits()


def pulse_of(folder: Path) -> tuple[Mapping[str, Any] | None, bool]:
    """Ask the running bot for its figures; None: there are none. Also whether somebody is there."""
    answer = ask(folder, PULSE, {}, seconds=PATIENCE)
    if answer is None:
        return None, False
    return answer.document, True


def process_checks(folder: Path, store: Path, now: datetime, *, in_service: bool) -> list[Check]:
    """Whether it runs, and if so how it is. ``in_service``: people rely on it."""
    figures, is_there = pulse_of(folder)
    if figures is None:
        return [_absent(is_there=is_there, held=is_held(store / LOCK), in_service=in_service)]
    since = (now - datetime.fromisoformat(figures["started"])).total_seconds()
    stands = f"运行中（进程 {figures['pid']}），已 {lasting(max(since, 0))}"
    facts: dict[str, Any] = {"running": True, "answers": True, "lock": True, **figures}
    running = Check(name="process", label="进程", stands=stands, facts=facts)
    return [running, _telegram(figures), _tick(figures), _sending(figures)]


def _absent(*, is_there: bool, held: bool, in_service: bool) -> Check:
    facts = {"running": is_there or held, "answers": False, "lock": held}
    stands, remedy = "没有运行", "请运行 yinlu run。" if in_service else None
    if is_there:
        stands = f"在运行，但 {PATIENCE:.0f} 秒内没有答复"
        remedy = "请稍后再看；如果仍这样，它会自己以 70 结束，由服务管理器重新启动。"
    elif held:
        stands = "数据被一个进程占用，但它不听命令"
        remedy = "它可能正在启动或结束；如果一直这样，请结束该进程。"
    return Check(name="process", label="进程", stands=stands, facts=facts, remedy=remedy)


def _telegram(figures: Mapping[str, Any]) -> Check:
    heard, conflict = figures["telegram_heard"], figures["conflict"]
    stands, remedy = f"{lasting(heard)}前有答复", None
    if conflict and conflict > ALARM:
        stands = f"另一个进程也在用这个令牌，已 {lasting(conflict)}"
        remedy = "请停下另一个进程，或在 @BotFather 换令牌。"
    elif heard > ALARM:
        stands = f"已 {lasting(heard)}没有答复（{figures['trouble'] or '还在等'}）"
        remedy = "请检查网络和代理；机器人会一直重试，不必重启。"
    facts = {
        name: figures[name] for name in ("poll_finished", "telegram_heard", "trouble", "conflict")
    }
    return Check(name="telegram", label="Telegram", stands=stands, facts=facts, remedy=remedy)


def _tick(figures: Mapping[str, Any]) -> Check:
    age, failure = figures["tick"], figures["tick_failure"]
    facts = {"tick": age, "tick_failure": failure}
    stands, remedy = "连上 Telegram 后开始", None
    if age is not None:
        stands = f"{lasting(age)}前查过"
    if failure is not None:
        stands, remedy = f"{stands}，出错（{failure}）", "提醒可能没有发出，请查看日志。"
    elif age is not None and age > LIMITS.tick:
        remedy = "提醒没有在查，请查看日志。"
    return Check(name="tick", label="提醒", stands=stands, facts=facts, remedy=remedy)


def _sending(figures: Mapping[str, Any]) -> Check:
    waits = figures["oldest_waits"]
    stands = "没有迟发的消息" if waits is None else f"最久的一条已等 {lasting(waits)}"
    late = waits is not None and waits > LIMITS.row / 3
    remedy = "消息发不出去，请看上面的 Telegram 一项和日志。" if late else None
    return Check(
        name="sending", label="发送", stands=stands, facts={"oldest_waits": waits}, remedy=remedy
    )
