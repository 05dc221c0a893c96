"""A real Chromium that looks at the rehearsal page, and takes down what the page asks for or complains of."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PATIENCE = 90_000  # milliseconds; the machine may be busy
SIZES = {"phone": (360, 740), "desktop": (1920, 1080)}
SCHEMES = ("light", "dark")


@dataclass
class Seen:
    """A browser's page, and what it complained of or asked for."""

    page: Page
    errors: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """The page's own, without a slash at its end."""
        return self.page.url.rstrip("/")

    def phone(self, place: int) -> Locator:
        return self.page.locator(".phone").nth(place)

    def bubble(self, place: int, words: str) -> Locator:
        """The newest message with these words."""
        return self.phone(place).locator(".bubble").filter(has_text=words).last

    def write(self, place: int, words: str) -> None:
        self.phone(place).locator("textarea").fill(words)
        self.phone(place).locator("textarea").press("Enter")

    def press(self, place: int, label: str) -> None:
        self.phone(place).locator(".keys").get_by_role("button", name=label).last.click()

    def becomes(self, place: int, role: str) -> None:
        """Somebody of that role takes the phone."""
        self.phone(place).locator("select").first.select_option(role)

    def step(self, number: int) -> None:
        """The tour stands there."""
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
        """Time stands still: also nobody is on the way in."""
        expect(self.page.locator("#busy")).to_be_empty()
        expect(self.page.locator("#play")).to_be_enabled()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium while the block runs."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield opened
        finally:
            opened.close()


def look(browser: Browser, url: str, size: tuple[int, int], scheme: str = "light") -> Seen:
    """Open the page in a window of that size; returns once a phone shows."""
    page = browser.new_page(
        viewport={"width": size[0], "height": size[1]},
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
