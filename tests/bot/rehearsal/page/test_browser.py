"""The rehearsal page as somebody sees it in Chromium: the tour, the play, the looks, and who is called."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import workbook
from tests.support.rehearsal_page import RehearsalPage, rehearsal_page, staged_page
from tests.support.small_college import small_college

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from playwright.sync_api import Browser, Route, expect

from tests.support.browser import CHROMIUM, SCHEMES, SIZES, Seen, chromium, look

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]
SERIOUS = {"serious", "critical"}
PNG = b"\x89PNG"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RehearsalPage]:
    """One rehearsal for all tests that don't care what time it is there."""
    with staged_page(tmp_path_factory.mktemp("page")) as opened:
        yield opened


@pytest.fixture
def own(tmp_path: Path) -> Iterator[RehearsalPage]:
    """A rehearsal of one's own, by the command."""
    with rehearsal_page(tmp_path) as opened:
        yield opened


@pytest.fixture
def seen(browser: Browser, page: RehearsalPage) -> Iterator[Seen]:
    """The shared rehearsal on a desktop."""
    opened = look(browser, page.url, SIZES["desktop"])
    yield opened
    assert opened.errors == []
    opened.page.close()


def test_newcomer_is_student_teacher_committee_member_and_secretary_in_five_steps(
    browser: Browser, own: RehearsalPage
) -> None:
    seen = look(browser, own.url, SIZES["desktop"])
    seen.step(1)
    seen.page.locator("#tour").get_by_role("button", name="到第二周周一").click()
    seen.step(2)
    seen.press(0, "已谈话")
    seen.press(0, "今天")
    seen.step(3)
    confirmed = seen.page.locator("[data-count='talk.confirmed']")
    before = confirmed.inner_text()
    seen.press(1, "属实")
    expect(confirmed).not_to_have_text(before)
    seen.goes_on()
    seen.step(4)
    seen.phone(1).get_by_role("button", name="命令").click()
    seen.phone(1).locator(".menu").get_by_role("button", name="/forms").click()
    seen.press(1, "收表")
    listed = seen.phone(1).locator(".bubble").filter(has_text="收登记表").last
    listed.locator(".keys button").first.click()
    seen.goes_on()
    seen.step(5)
    writing = seen.phone(1).locator("textarea")
    writing.fill("/st")
    seen.phone(1).locator(".menu").get_by_role("button", name="/status").click()
    seen.goes_on()
    expect(seen.page.locator("#tour")).to_contain_text("导览结束")
    assert seen.errors == []
    assert [url for url in seen.asked if not url.startswith(own.url)] == []
    seen.page.close()


def test_term_played_in_the_browser_with_a_kill_ends_as_status_says(
    browser: Browser, own: RehearsalPage
) -> None:
    seen = look(browser, own.url, SIZES["desktop"])
    page = seen.page
    page.locator("#speed").fill("4")
    page.locator("#play").click()
    expect(page.locator("#pause")).to_be_enabled()
    page.locator("#kill").click()
    page.locator("#restart").click()
    expect(page.locator("#kill")).to_be_visible()
    seen.rests()
    (folder,) = own.folders()
    line = [sys.executable, "-m", "bot", "--data", str(folder), "status", "--json"]
    told = subprocess.run(line, capture_output=True, check=True)
    (branch,) = json.loads(told.stdout)["branches"]
    for part in ("talk", "form"):
        for state, number in branch[part].items():
            shown = page.locator(f"[data-count='{part}.{state}']")
            expect(shown).to_have_text(f"{shown.inner_text().split()[0]} {number}")
    assert seen.errors == []
    page.close()


def test_page_is_legible_and_usable_in_every_size_and_light(
    browser: Browser, page: RehearsalPage
) -> None:
    axe = Path(pytest.importorskip("axe_playwright_python").__file__).parent / "axe.min.js"
    for size in SIZES.values():
        for scheme in SCHEMES:
            seen = look(browser, page.url, size, scheme)
            seen.page.locator("#times[open], #times summary").first.click()
            assert seen.page.evaluate("document.documentElement.scrollWidth") <= size[0]
            seen.page.evaluate(axe.read_text(encoding="utf-8"))
            found = seen.page.evaluate("axe.run().then((told) => told.violations)")
            faults = [
                (size, scheme, one["id"], one["nodes"][0]["html"][:200])
                for one in found
                if one["impact"] in SERIOUS
            ]
            assert faults == []
            seen.page.close()


def test_page_speaks_english_where_asked_and_chats_stay_chinese(seen: Seen) -> None:
    seen.page.get_by_role("button", name="English").click()
    expect(seen.page.get_by_role("button", name="Next reminder")).to_be_visible()
    assert seen.page.locator("html").get_attribute("lang") == "en"
    expect(seen.page.locator("#tour h2")).to_contain_text("of 5: ")
    expect(seen.bubble(0, "开通好了")).to_contain_text("同学")


def test_keyboard_alone_writes_and_presses(seen: Seen) -> None:
    seen.phone(0).locator("textarea").focus()
    seen.page.keyboard.type("/he")
    expect(seen.phone(0).locator(".menu button")).to_be_visible()
    seen.page.keyboard.press("ArrowUp")
    seen.page.keyboard.press("Enter")
    expect(seen.phone(0).locator(".bubble.own").last).to_contain_text("/help")
    expect(seen.phone(0).locator(".bubble").last).not_to_have_class("bubble own")
    seen.page.locator("#day").focus()
    before = seen.page.locator("#now").inner_text()
    seen.page.keyboard.press("Enter")
    expect(seen.page.locator("#now")).not_to_have_text(before)
    seen.rests()


def test_menu_that_comes_late_is_offered_to_who_has_typed_already(seen: Seen) -> None:
    late: list[Route] = []
    is_late = True
    seen.page.route("**/chat/*", lambda one: late.append(one) if is_late else one.continue_())
    seen.page.reload()
    seen.phone(0).locator("textarea").fill("/he")
    expect(seen.phone(0).locator(".menu")).to_be_hidden()
    is_late = False
    for one in late:
        one.continue_()
    expect(seen.phone(0).locator(".menu button")).to_contain_text("/help")


def test_secretary_sees_the_picture_of_the_branch_and_opens_its_workbook(
    seen: Seen, tmp_path: Path
) -> None:
    seen.becomes(0, "secretary")
    seen.write(0, "/status")
    picture = seen.phone(0).locator("img").last
    expect(picture).to_be_visible()
    assert seen.page.request.get(f"{seen.address}{picture.get_attribute('src')}").body()[:4] == PNG
    expect(seen.phone(0).get_by_role("button", name="导出").last).to_be_in_viewport()
    seen.press(0, "导出")
    with seen.page.expect_download() as downloading:
        seen.phone(0).locator("a.paper").last.click()
    kept = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(kept)
    assert kept.suffix == ".xlsx"
    assert kept.read_bytes()[:2] == b"PK"


def test_workbook_sent_from_a_phone_reaches_the_bot(seen: Seen, tmp_path: Path) -> None:
    book = tmp_path / "花名册.xlsx"
    workbook.write(book, small_college())
    seen.becomes(0, "office")
    seen.phone(0).locator("input[type=file]").set_input_files(book)
    expect(seen.phone(0).locator(".bubble.own a.paper")).to_have_text(book.name)
    expect(seen.phone(0).locator(".bubble").last).not_to_have_class("bubble own")


def test_answer_to_one_message_quotes_it_and_what_the_others_miss_is_counted(seen: Seen) -> None:
    seen.write(0, "/help")
    seen.bubble(0, "/mydata").get_by_role("button", name="回复").click()
    seen.write(0, "谢谢老师")
    expect(seen.phone(0).locator(".bubble.own blockquote").last).to_contain_text("/mydata")
    seen.phone(0).locator("select").nth(1).focus()
    others = seen.phone(0).locator("select").nth(1).locator("option", has_text="未读")
    expect(others.first).to_be_attached()


def test_link_to_the_bot_in_a_group_leads_to_the_private_chat(seen: Seen) -> None:
    seen.becomes(0, "secretary")
    seen.phone(0).get_by_role("button", name="支部群").click()
    seen.write(
        0, "/forms@yinlu_bot"
    )  # never aloud, while /done may be recorded, and needs no link
    seen.phone(0).get_by_role("button", name="https://t.me/").last.click()
    expect(seen.phone(0).get_by_role("button", name="私聊")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(seen.bubble(0, "开通好了")).to_be_visible()


def test_office_rehearses_a_copy_of_its_store_and_is_told_so_in_red(
    browser: Browser, tmp_path: Path
) -> None:
    book = tmp_path / "book.xlsx"
    workbook.write(book, small_college())
    line = [sys.executable, "-m", "bot", "--data", str(tmp_path / "data"), "roster", "import"]
    subprocess.run([*line, str(book)], check=True, capture_output=True)
    before = contents(tmp_path / "data")
    with rehearsal_page(tmp_path) as copy:
        seen = look(browser, copy.url, SIZES["phone"])
        expect(seen.page.locator("#real")).to_contain_text("正式数据的临时副本")
        expect(seen.bubble(0, "开通好了")).to_be_visible()
        assert seen.errors == []
        seen.page.close()
    assert contents(tmp_path / "data") == before


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
