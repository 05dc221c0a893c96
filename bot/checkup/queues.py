"""What the store says of the work: what came in, what goes out, who can be reached, which round it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from bot.actions import throttle
from bot.actions.say import MENU, POP
from bot.checkup.check import RECENT, Check, lasting
from bot.desk import Desk
from bot.rules import term as term_rules
from bot.rules import throttle as throttle_rules
from storage.records import InboxState, Received, Row, RowState

SHOWN = 20  # of what went wrong; the rest is counted
OVERDUE_SECONDS = 15 * 60
SMALL = frozenset({POP, MENU})  # nobody misses one


def inbox_check(desk: Desk) -> Check:
    """What waits, and every update that could not be read or handled: ids, reasons, moments."""
    inbox = desk.store.inbox
    waiting = inbox.where("state", InboxState.WAITING)
    failed = [
        row
        for state in (InboxState.QUARANTINED, InboxState.DEAD)
        for row in inbox.where("state", state)
    ]
    failed.sort(key=lambda row: row.at, reverse=True)
    recent = [row for row in failed if desk.now() - row.at < RECENT]
    quarantined = sum(row.state is InboxState.QUARANTINED for row in failed)
    facts = {
        "waiting": len(waiting),
        "quarantined": quarantined,
        "dead": len(failed) - quarantined,
        "failed": [
            {
                "update": row.update,
                "state": str(row.state),
                "reason": row.reason,
                "at": row.at.isoformat(),
            }
            for row in failed
        ],
    }
    stands = f"待处理 {len(waiting)}；读不懂 {quarantined}；处理失败 {len(failed) - quarantined}"
    remedy = (
        "七天内有消息没有处理成，发的人已得到说明；请按编号查看日志，并告诉开发者。"
        if recent
        else None
    )
    return Check(
        name="inbox",
        label="收到的",
        stands=stands,
        facts=facts,
        details=tuple(_shown(recent)),
        remedy=remedy,
    )


def _shown(failed: list[Received]) -> Iterator[str]:
    words = {InboxState.QUARANTINED: "读不懂", InboxState.DEAD: "处理失败"}
    for row in failed[:SHOWN]:
        yield f"{row.update}  {row.at:%Y-%m-%d %H:%M}  {words[row.state]}（{row.reason}）"
    if len(failed) > SHOWN:
        yield f"另有 {len(failed) - SHOWN} 条"


def outbox_check(desk: Desk) -> Check:
    """What waits to leave and since when, and what did not arrive, by kind."""
    outbox, now = desk.store.outbox, desk.now()
    by_state = {state: outbox.where("state", state) for state in RowState}
    due = [row for row in by_state[RowState.PENDING] if row.due <= now]
    oldest = min((row.due for row in due), default=None)
    sent = max((row.sent for row in by_state[RowState.SENT] if row.sent), default=None)
    late = 0.0 if oldest is None else (now - oldest).total_seconds()
    facts = {
        "pending": len(by_state[RowState.PENDING]),
        "due": len(due),
        "oldest_due": oldest and oldest.isoformat(),
        "last_sent": sent and sent.isoformat(),
        "dead": _kinds(by_state[RowState.DEAD]),
        "uncertain": _kinds(by_state[RowState.UNCERTAIN]),
    }
    lost = [row for row in _missed(by_state) if now - row.due < RECENT]
    parts = [f"待发 {facts['pending']}，其中到时 {len(due)}"]
    if oldest is not None:
        parts.append(f"最早的已等 {lasting(late)}")
    parts.append(f"没送到 {len(by_state[RowState.DEAD])}")
    parts.append(f"不知是否送到 {len(by_state[RowState.UNCERTAIN])}")
    if sent is not None:
        parts.append(f"最近一条 {sent:%Y-%m-%d %H:%M}")
    remedy = None
    if late > OVERDUE_SECONDS:
        remedy = "有消息早该发出，请看进程和 Telegram 两项。"
    elif lost:
        remedy = "七天内有消息没有送到，书记会在 Telegram 里看到是谁的；原因见日志。"
    details = tuple(f"{kind}：{number} 条" for kind, number in _kinds(lost).items())
    return Check(
        name="outbox",
        label="要发的",
        stands="；".join(parts),
        facts=facts,
        details=details,
        remedy=remedy,
    )


def _missed(by_state: dict[RowState, list[Row]]) -> list[Row]:
    """What a person may miss. Somebody who has blocked the bot is no fault of it."""
    dead = [row for row in by_state[RowState.DEAD] if row.reason != "unreachable"]
    return [row for row in (*dead, *by_state[RowState.UNCERTAIN]) if row.kind not in SMALL]


def _kinds(rows: Iterable[Row]) -> dict[str, int]:
    return dict(sorted(Counter(str(row.kind) for row in rows).items()))


def accounts_check(desk: Desk) -> Check:
    """How many are enrolled, and how many of them have blocked the bot: numbers only."""
    live = [one for one in desk.store.accounts if one.until is None]
    lost = sum(not one.reachable for one in live)
    failed = len(throttle.recent(desk))
    is_alarming = failed >= throttle_rules.IN_ALL
    remedy = "近一小时开通失败异常多，可能有人在试链接；失败过的账号已暂停，不影响其他人。"
    return Check(
        name="accounts",
        label="账号",
        stands=f"已开通 {len(live)}；联系不上 {lost}（对方屏蔽或注销，书记可见）；近一小时开通失败 {failed}",
        facts={"enrolled": len(live), "unreachable": lost, "failed_tries": failed},
        remedy=f"{remedy}持续的话请告诉学院。" if is_alarming else None,
    )


def term_check(desk: Desk) -> Check:
    """The round, its week, and whether the holidays in it are known."""
    term = desk.term()
    if term is None:
        return Check(
            name="term",
            label="学期",
            stands="还没有设定",
            facts={"name": None, "week": None, "unannounced": []},
            remedy="请运行 yinlu term set YYYY-MM-DD。",
        )
    week = term_rules.week_of(term.week1, desk.today())
    dates = term_rules.windows(term.week1, desk.calendar)
    unannounced = list(term_rules.unannounced_years(desk.calendar, dates))
    stands, remedy = f"{term.name}，第 {week} 周", ""
    if unannounced:
        stands += f"；{'、'.join(map(str, unannounced))} 年放假安排未公布"
        remedy = "暂按周末规则；公布后请在聊天里录入（学院发“日期”），或写进 settings.toml 的 [holidays]。"
    facts = {"name": term.name, "week": week, "unannounced": unannounced}
    return Check(name="term", label="学期", stands=stands, facts=facts, remedy=remedy or None)
