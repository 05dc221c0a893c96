"""What the rehearsal page costs: ``python -m tests.rehearsals.page_figures``.

It rehearses the made-up college of 123 students in Chromium and prints how long the page takes to be
usable, how long a played term takes without pauses, and what memory is held afterwards.
"""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, expect

from tests.support.browser import chromium, look
from tests.support.rehearsal_page import rehearsal_page

SIZE = (1440, 900)
MEGA = 1_000_000
KIBI = 1024
LONGEST = 600_000  # milliseconds; a played term


class Watch:
    """Prints what has happened, and how many seconds after the start."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def tells(self, what: str) -> None:
        print(f"{time.monotonic() - self._began:7.1f} s  {what}", flush=True)


def resident(process: int) -> str:
    """Memory of a process now and at most, in MB."""
    told = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    sizes = dict(line.split(":", 1) for line in told if line.startswith(("VmRSS", "VmHWM")))
    now, most = (int(sizes[name].split()[0]) * KIBI / MEGA for name in ("VmRSS", "VmHWM"))
    return f"{now:6.0f} MB, {most:.0f} MB at most"


def children(process: int) -> list[int]:
    told = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="utf-8")
    return [int(one) for one in told.split()]


def memory(browser: Browser, page: Page, process: int) -> None:
    """What the rehearsal, the bot in it and the page hold."""
    print(f"  rehearsal with the made-up Telegram: {resident(process)}")
    for one in children(process):
        print(f"  a child of it (the bot; its easel):  {resident(one)}")
    metrics = page.context.new_cdp_session(page)
    metrics.send("Performance.enable")
    found = {
        one["name"]: one["value"] for one in metrics.send("Performance.getMetrics")["metrics"]
    }
    print(
        f"  page: {found['JSHeapUsedSize'] / MEGA:.1f} MB of scripts, {found['Nodes']:.0f} nodes"
    )
    running = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    drawing = [one["id"] for one in running["processInfo"] if one["type"] == "renderer"]
    print(f"  Chromium's process of the page:      {max(map(resident, drawing))}")


def main() -> None:
    watch = Watch()
    with TemporaryDirectory() as name, chromium() as browser:
        watch.tells("Chromium has started; the command is given now")
        watch = Watch()
        with rehearsal_page(Path(name), "--port", "0", waits=False) as opened:
            watch.tells("its address is printed")
            seen = look(browser, opened.url, SIZE)
            expect(seen.bubble(0, "开通好了")).to_be_visible()
            watch.tells("two phones with their chats")
            seen.write(0, "/help")
            expect(seen.bubble(0, "/mydata")).to_be_visible()
            watch.tells("the first question is answered")
            seen.rests()
            watch.tells("everybody has enrolled")
            seen.page.locator("#speed").fill("4")
            seen.page.locator("#play").click()
            expect(seen.page.locator("#pause")).to_be_enabled()
            expect(seen.page.locator("#play")).to_be_enabled(timeout=LONGEST)
            watch.tells("the term is played")
            if opened.process:
                memory(browser, seen.page, opened.process)
            print("  faults in the console:", seen.errors or "none")


if __name__ == "__main__":
    main()
