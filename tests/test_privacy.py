"""Real processes: a draft opinion leaves nothing behind, neither on disk nor in the most talkative log."""

from __future__ import annotations

import json
import os
import signal
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.rehearsal.college import sample
from storage.records import Role
from tests.bot.rules.opinions import CLOSING, EXAMPLE
from tests.support.processes import PATIENCE, Yinlu, telegram

pytestmark = pytest.mark.processes
CANARY = "鹈鹕踏雪"
SECRET = EXAMPLE.replace("组织了十二次早读", CANARY) + CLOSING
WRITER = 5000  # the introducer's Telegram account


def test_a_draft_opinion_is_found_in_no_file_and_no_log(tmp_path: Path) -> None:
    roster = sample()
    pairing = next(row for row in roster.pairings if row.role is Role.INTRODUCER)
    introducer = pairing.mentor  # everybody in it introduces several
    student = next(one.name for one in roster.people if one.number == pairing.student)
    quiet = {name: value for name, value in os.environ.items() if "YINLU" not in name}  # noqa: TID251 - for a child
    with telegram() as world:
        yinlu = Yinlu(tmp_path / "data", world.url, quiet | {"YINLU_LOG_LEVEL": "DEBUG"})
        yinlu("roster", "template", "--sample", tmp_path / "roster.xlsx")
        yinlu("roster", "import", tmp_path / "roster.xlsx")
        today = SystemClock().now().date()
        monday = today - timedelta(days=today.weekday(), weeks=1)
        yinlu("term", "set", monday.isoformat())
        with yinlu.running() as process:
            (link,) = json.loads(yinlu("invite", "--person", introducer, "--json"))
            world.act("user", user_id=WRITER, first_name="某")
            world.act("start", user_id=WRITER, payload=link["token"])
            world.reads(WRITER, "最后四个字符")
            world.act("send", user_id=WRITER, chat_id=WRITER, text=introducer[-4:])
            world.reads(WRITER, "开通好了")
            world.act("send", user_id=WRITER, chat_id=WRITER, text=SECRET)
            world.reads(WRITER, "意见写的是哪一位")
            world.press(WRITER, student)
            world.reads(WRITER, "初步检查")
            world.act("send", user_id=WRITER, chat_id=WRITER, text="/guide")
            world.reads(WRITER, "培养联系人的主要任务")
            world.press(WRITER, "检查意见")
            world.reads(WRITER, "不写入任何文件")
            world.act("send", user_id=WRITER, chat_id=WRITER, text=CANARY)
            world.reads(WRITER, "不像入党介绍人意见")
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)
            assert process.stderr is not None
            assert CANARY not in process.stderr.read()
        files = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
        assert files
        for path in files:
            kept = path.read_bytes()
            assert CANARY.encode() not in kept, path
            assert CANARY.encode("unicode_escape") not in kept, path
