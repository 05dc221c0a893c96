"""The pictures of the rehearsal page in the README: ``python -m tests.rehearsals.page_pictures``.

It rehearses the made-up college in Chromium, desktop and phone, light and dark, and writes four files
beside this one. Look at them before you commit them.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, expect

from tests.rehearsals.small_png import LARGEST, small_png
from tests.support.browser import SCHEMES, Seen, chromium, look
from tests.support.rehearsal_page import rehearsal_page

FOLDER = Path(__file__).parent / "pictures"
SIZES = {"desktop": (1360, 850), "phone": (390, 800)}
PAUSE = 800  # milliseconds until all has been drawn


def prepare(seen: Seen) -> None:
    """The tour's first three steps: reminded, said, confirmed."""
    seen.page.locator("#tour").get_by_role("button", name="到第二周周一").click()
    seen.press(0, "已谈话")
    seen.press(0, "今天")
    seen.press(1, "属实")
    expect(seen.page.locator("#tour")).to_contain_text("做到了")


def shoot(browser: Browser, url: str) -> None:
    """All four, of one moment."""
    blank = browser.new_page()
    for size, pixels in SIZES.items():
        for scheme in SCHEMES:
            seen = look(browser, url, pixels, scheme)
            if size == "phone":
                seen.page.evaluate("document.getElementById('tour-open').focus()")
                seen.phone(0).scroll_into_view_if_needed()
                seen.page.evaluate("document.activeElement.blur()")
            seen.page.wait_for_timeout(PAUSE)
            picture = small_png(blank, seen.page.screenshot())
            path = FOLDER / f"{size}-{scheme}.png"
            path.write_bytes(picture)
            print(f"{path.name}: {len(picture)} bytes{' too large' * (len(picture) > LARGEST)}")
            seen.page.close()


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with (
        TemporaryDirectory() as name,
        rehearsal_page(Path(name), "--port", "0", waits=False) as page,
        chromium() as browser,
    ):
        seen = look(browser, page.url, SIZES["desktop"])
        prepare(seen)
        seen.page.close()
        shoot(browser, page.url)


if __name__ == "__main__":
    main()
