"""The rehearsal page over HTTP: what it shows, what one can do at it, and whom it lets in."""

from __future__ import annotations

import base64
import inspect
import json
import re
import socket
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.rehearsal.page import server, theatre
from storage import workbook
from tests.support.command_line import CommandLine
from tests.support.processes import until
from tests.support.rehearsal_page import RehearsalPage, staged_page
from tests.support.small_college import small_college

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RehearsalPage]:
    """One rehearsal for all tests of this module that leave its time where it is."""
    with staged_page(tmp_path_factory.mktemp("page")) as opened:
        yield opened


@pytest.fixture
def own(tmp_path: Path) -> Iterator[RehearsalPage]:
    """A rehearsal of one's own, whose time may go on."""
    with staged_page(tmp_path) as opened:
        yield opened


def totals(page: RehearsalPage, part: str) -> dict[str, int]:
    (branch,) = page.state()["board"]["branches"]
    return dict(branch[part])


def reminder_of(page: RehearsalPage, role: str, week: int) -> str:
    """When the first reminder to that role from that week's Monday on is planned."""
    state = page.state()
    monday = date.fromisoformat(state["week1"]) + timedelta(weeks=week - 1)
    return str(
        next(
            one["at"]
            for one in state["timeline"]
            if one["at"] >= monday.isoformat() and role in one["to"] and not one["done"]
        )
    )


def test_student_claims_and_the_teacher_is_asked_confirms_and_the_board_changes(
    own: RehearsalPage,
) -> None:
    cast = own.get("people")["cast"]
    student, mentor = cast["student"], cast["mentor"]
    own.do("hold", who=student, held=True)
    own.do("hold", who=mentor, held=True)
    own.do("jump", at=reminder_of(own, "student", 2))
    own.press(student, "已谈话")
    own.press(student, "今天")
    assert totals(own, "talk")["claimed"] == 1
    own.press(mentor, "属实")
    assert totals(own, "talk")["confirmed"] == 1
    assert "已确认" in own.chat(student)["messages"][-1]["text"]
    told = [(one["who"], one["text"]) for one in own.state()["journal"]]
    names = {one["id"]: one["name"] for one in own.get("people")["people"]}
    assert (names[student], "[已谈话]") in told
    assert (names[mentor], "[属实]") in told


def test_people_in_nobodys_hand_play_the_term_and_those_in_hand_do_nothing(
    own: RehearsalPage,
) -> None:
    student = own.get("people")["cast"]["student"]
    own.do("hold", who=student, held=True)
    own.do("speed", speed=0)
    own.do("play")
    state = own.state()
    assert state["busy"] is None
    assert all(one["done"] for one in state["timeline"])
    talk = totals(own, "talk")
    assert talk["confirmed"] > talk["none"] > 0
    deeds = [one for one in own.chat(student)["messages"] if one["own"]]
    assert [one["text"][:6] for one in deeds[1:]] == [one["text"][:6] for one in deeds[1:2]]


def test_bot_that_is_killed_and_started_again_loses_nothing(own: RehearsalPage) -> None:
    student = own.get("people")["cast"]["student"]
    own.do("hold", who=student, held=True)
    own.do("jump", at=reminder_of(own, "student", 2))
    own.do("kill")
    assert own.state()["killed"]
    own.do("send", who=student, chat=student, text="已谈")
    own.do("minutes", minutes=10)
    assert own.chat(student)["messages"][-1]["own"]
    own.do("restart")
    assert not own.state()["killed"]
    assert "已记下" in own.chat(student)["messages"][-1]["text"]
    assert totals(own, "talk")["claimed"] >= 1


def test_message_written_while_telegram_is_down_is_answered_afterwards(own: RehearsalPage) -> None:
    student = own.get("people")["cast"]["student"]
    own.do("trouble", trouble="down")
    own.do("send", who=student, chat=student, text="/help")
    own.do("minutes", minutes=10)
    assert own.chat(student)["messages"][-1]["own"]
    own.do("trouble", trouble="none")
    own.do("minutes", minutes=20)  # the bot tries again after 15 minutes at most
    assert not own.chat(student)["messages"][-1]["own"]


def test_bot_is_started_and_killed_only_where_that_makes_sense(own: RehearsalPage) -> None:
    assert own.tries("restart") == "is_running"
    own.do("kill")
    assert own.tries("kill") == "is_dead"
    own.do("trouble", trouble="down")
    assert own.tries("restart") == "is_cut_off"
    own.do("trouble", trouble="none")
    own.do("restart")
    assert not own.state()["killed"]


def test_next_day_begins_on_its_morning_and_time_never_runs_backwards(own: RehearsalPage) -> None:
    before = own.state()["now"]
    own.do("day")
    after = own.state()["now"]
    tomorrow = date.fromisoformat(before[:10]) + timedelta(days=1)
    assert after == f"{tomorrow}T08:30:00+08:00"
    assert own.tries("jump", at=before) == "time_is_over"


def test_play_is_paused_and_time_goes_on_from_there(own: RehearsalPage) -> None:
    own.do("speed", speed=1)
    with ThreadPoolExecutor(1) as threads:
        playing = threads.submit(own.do, "play")
        until("it plays", lambda: own.state()["busy"] == "play")
        assert own.tries("day") == "time_goes_on"
        own.do("pause")
        playing.result()
    assert any(not one["done"] for one in own.state()["timeline"])
    own.do("reminder")
    assert any(one["done"] for one in own.state()["timeline"])


def test_student_who_blocks_the_bot_starts_it_again(page: RehearsalPage) -> None:
    student = page.get("people")["cast"]["student"]
    page.do("block", who=student)
    assert page.chat(student)["blocked"]
    page.do("start", who=student)
    assert not page.chat(student)["blocked"]


def test_page_is_told_whatever_changes_as_it_happens(page: RehearsalPage) -> None:
    secretary = page.get("people")["cast"]["secretary"]
    with urllib.request.urlopen(f"{page.url}news") as news:  # noqa: S310 - loopback
        news.readline()
        page.do("send", who=secretary, chat=secretary, text="/help")
        lines: list[str] = []
        while "/help" not in lines:
            line = news.readline().removeprefix(b"data: ").strip()
            lines += [one["text"] for one in json.loads(line)["journal"]] if line else []


def test_whoever_writes_much_while_time_stands_still_is_answered_to_the_end(
    page: RehearsalPage,
) -> None:
    student = page.get("people")["cast"]["student"]
    for _ in range(21):
        page.do("send", who=student, chat=student, text="/status")
    page.do("send", who=student, chat=student, text="谢谢")
    assert page.chat(student)["messages"][-1]["text"].startswith("好的，不用再回复")


def test_slow_network_only_delays(page: RehearsalPage) -> None:
    secretary = page.get("people")["cast"]["secretary"]
    page.do("trouble", trouble="slow")
    page.do("send", who=secretary, chat=secretary, text="/help")
    page.do("trouble", trouble="none")
    assert not page.chat(secretary)["messages"][-1]["own"]


def test_people_are_found_by_role_and_name_and_the_branch_has_its_group(
    page: RehearsalPage,
) -> None:
    people: list[dict[str, Any]] = page.get("people")["people"]
    roles = {role for one in people for role in one["roles"]}
    assert roles == {"student", "mentor", "committee", "secretary", "office"}
    student = next(one for one in people if one["roles"] == ["student"])
    assert page.chat(student["id"], student["group"])["group"]


def test_commands_are_suggested_as_the_menu_of_ones_role_has_them(page: RehearsalPage) -> None:
    cast = page.get("people")["cast"]
    menu = {one["command"] for one in page.chat(cast["secretary"])["menu"]}
    assert {"status", "assign", "help"} <= menu
    assert "assign" not in {one["command"] for one in page.chat(cast["student"])["menu"]}


def test_whoever_has_not_enrolled_opens_a_link_and_is_told_what_to_answer(
    page: RehearsalPage,
) -> None:
    people, enrolled = page.get("people")["people"], page.state()["enrolled"]
    absent = next(one for one in people if one["id"] not in enrolled)
    page.do("open", telegram=absent["id"])
    assert page.chat(absent["id"])["messages"][0]["text"] == "/start"
    page.do("send", who=absent["id"], chat=absent["id"], text=absent["factor"])
    assert absent["id"] in page.state()["enrolled"]


def test_button_that_is_gone_is_answered_with_a_sentence(page: RehearsalPage) -> None:
    student = page.get("people")["cast"]["student"]
    refused = page.tries("press", who=student, chat=student, message=1, data="x", label="x")
    assert refused == server.IMPOSSIBLE


@pytest.mark.parametrize("deed", ["send", "press", "jump", "trouble", "speed", "upload"])
def test_deed_with_nonsense_changes_nothing(page: RehearsalPage, deed: str) -> None:
    before = page.state()["journal"]
    assert page.tries(deed, nonsense=1) == server.IMPOSSIBLE
    assert page.state()["journal"] == before


def test_file_sent_in_a_chat_reaches_the_bot(page: RehearsalPage) -> None:
    office = next(o for o in page.get("people")["people"] if o["roles"] == ["office"])["id"]
    page.do("upload", who=office, chat=office, name="x.xlsx", content="AAAA")
    shown = page.chat(office)["messages"]
    sent = next(one for one in shown if one["file"] and one["file"]["name"] == "x.xlsx")
    assert sent["own"]
    with urllib.request.urlopen(f"{page.url}file/{sent['file']['id']}") as answer:  # noqa: S310 - loopback
        assert answer.read() == b"\0\0\0"


def test_roster_sent_in_a_chat_is_read_and_answered_before_time_goes_on(
    page: RehearsalPage, tmp_path: Path
) -> None:
    known = small_college()
    new = replace(known.people[0], number="2024999977", name="新同学")
    workbook.write(tmp_path / "new.xlsx", replace(known, people=(*known.people, new)))
    content = base64.b64encode((tmp_path / "new.xlsx").read_bytes()).decode()
    office = next(o for o in page.get("people")["people"] if o["roles"] == ["office"])["id"]
    page.do("upload", who=office, chat=office, name="new.xlsx", content=content)
    assert "新同学" in page.chat(office)["messages"][-1]["text"]
    page.press(office, "放弃")


def test_other_sites_in_the_same_browser_are_not_let_in(page: RehearsalPage) -> None:
    as_json = {"Content-Type": "application/json"}
    for headers, code in (
        (as_json | {"Origin": "http://elsewhere.example"}, 403),
        (as_json | {"Host": "elsewhere.example"}, 403),
        ({"Content-Type": "text/plain"}, 415),
    ):
        assert page.posts("do/day", "{}", headers)[0] == code


def test_page_of_a_roster_says_whose_people_these_are(page: RehearsalPage) -> None:
    assert page.state()["origin"] == "roster"


def test_whatever_the_page_may_say_it_can_say_in_both_languages() -> None:
    words = (server.STATIC / "words.js").read_text(encoding="utf-8")
    source = inspect.getsource(theatre) + inspect.getsource(server)
    keys = re.findall(r'(?:Refused|remark)\("(\w+)"\)|IMPOSSIBLE = "(\w+)"', source)
    said = {key for found in keys for key in found if key}
    said |= {f"trouble_{one}" for one in theatre.Trouble}
    assert len(said) > 10
    assert {key: words.count(f" {key}: ") for key in said} == dict.fromkeys(said, 2)


def test_page_names_no_address_but_its_own(page: RehearsalPage) -> None:
    with urllib.request.urlopen(page.url) as answer:  # noqa: S310 - loopback
        policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'")
    for file in server.STATIC.iterdir():
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"(?:https?:)?//[a-z0-9]+\.", text), file.name


def test_office_whose_port_is_taken_is_told_to_choose_another_for_the_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    yinlu = CommandLine(tmp_path / "data", monkeypatch, capsys)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = yinlu("rehearse", "--port", str(port))
    assert ran.refusal == f"端口 {port} 已被占用，请换一个 --port，或不写。"
