"""The rehearsal page as somebody sees it in Chromium: the tour, the play, the looks, and who is called."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.rehearsal_page import RehearsalPage, rehearsal_page

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright  # noqa: E402 - after the check

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]
PATIENCE = 90_000  # milliseconds; the machine may be busy
SIZES = {"phone": (360, 740), "desktop": (1920, 1080)}
SERIOUS = {"serious", "critical"}


@dataclass
class Seen:
    """A browser's page, and what it complained of or asked for."""

    page: Page
    errors: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def phone(self, place: int) -> Locator:
        return self.page.locator(".phone").nth(place)

    def press(self, place: int, label: str) -> None:
        self.phone(place).locator(".keys").get_by_role("button", name=label).last.click()

    def step(self, number: int) -> None:
        expect(self.page.locator("#tour h2")).to_contain_text(f"第 {number} 步")

    def goes_on(self) -> None:
        """What the step asks for is done, and has been looked at."""
        tour = self.page.locator("#tour")
        expect(tour).to_contain_text("做到了")
        tour.get_by_role("button", name="下一步").click()

    def complains(self, kind: str, text: str) -> None:
        if kind == "error":
            self.errors.append(text)

    def rests(self) -> None:
        """Time stands still again."""
        expect(self.page.locator("#play")).to_be_enabled()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def rehearsal(tmp_path: Path) -> Iterator[RehearsalPage]:
    with rehearsal_page(tmp_path) as opened:
        yield opened


def look(browser: Browser, url: str, size: str = "desktop", scheme: str = "light") -> Seen:
    width, height = SIZES[size]
    page = browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page.set_default_timeout(PATIENCE)
    seen = Seen(page)
    page.on("console", lambda said: seen.complains(said.type, said.text))
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("request", lambda request: seen.asked.append(request.url))
    page.goto(url)
    page.locator(".phone").first.wait_for()
    return seen


def test_newcomer_is_student_teacher_committee_member_and_secretary_in_five_steps(
    browser: Browser, rehearsal: RehearsalPage
) -> None:
    seen = look(browser, rehearsal.url)
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
    assert [url for url in seen.asked if not url.startswith(rehearsal.url)] == []
    seen.page.close()


def test_term_played_in_the_browser_with_a_kill_ends_as_status_says(
    browser: Browser, rehearsal: RehearsalPage
) -> None:
    seen = look(browser, rehearsal.url)
    page = seen.page
    page.locator("#speed").fill("4")
    page.locator("#play").click()
    expect(page.locator("#pause")).to_be_enabled()
    page.locator("#kill").click()
    page.locator("#restart").click()
    expect(page.locator("#kill")).to_be_visible()
    seen.rests()
    (folder,) = rehearsal.folders()
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
    browser: Browser, rehearsal: RehearsalPage
) -> None:
    axe = Path(pytest.importorskip("axe_playwright_python").__file__).parent / "axe.min.js"
    for size, (width, _) in SIZES.items():
        for scheme in ("light", "dark"):
            seen = look(browser, rehearsal.url, size, scheme)
            seen.page.locator("#times summary").click()
            assert seen.page.evaluate("document.documentElement.scrollWidth") <= width, size
            seen.page.evaluate(axe.read_text(encoding="utf-8"))
            found = seen.page.evaluate("axe.run().then((told) => told.violations)")
            faults = [
                (size, scheme, one["id"], one["nodes"][0]["html"][:200])
                for one in found
                if one["impact"] in SERIOUS
            ]
            assert faults == []
            seen.page.close()


def test_page_speaks_english_where_asked_and_chats_stay_chinese(
    browser: Browser, rehearsal: RehearsalPage
) -> None:
    seen = look(browser, rehearsal.url)
    seen.page.get_by_role("button", name="English").click()
    expect(seen.page.get_by_role("button", name="Next reminder")).to_be_visible()
    assert seen.page.locator("html").get_attribute("lang") == "en"
    expect(seen.page.locator("#tour h2")).to_contain_text("Step 1 of 5")
    expect(seen.phone(0).locator(".bubble").last).to_contain_text("同学")
    seen.page.close()


def test_keyboard_alone_writes_and_presses(browser: Browser, rehearsal: RehearsalPage) -> None:
    seen = look(browser, rehearsal.url)
    seen.phone(0).locator("textarea").focus()
    seen.page.keyboard.type("/help")
    seen.page.keyboard.press("Enter")
    expect(seen.phone(0).locator(".bubble.own").last).to_contain_text("/help")
    expect(seen.phone(0).locator(".bubble").last).not_to_have_class("bubble own")
    seen.page.locator("#day").focus()
    before = seen.page.locator("#now").inner_text()
    seen.page.keyboard.press("Enter")
    expect(seen.page.locator("#now")).not_to_have_text(before)
    seen.rests()
    seen.page.close()
