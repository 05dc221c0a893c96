"""G16: `yinlu run` until it says READY, with an empty store, against `import telegram.ext`.

Each in a fresh interpreter. B′ imports every library that the design card and the command line fix,
and in its second form the log's too.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from tests.bench.fresh import interpreter
from tests.bench.ratio import Ratio

GOAL = "G16"
AIM = 1.3
LIBRARY = "telegram.ext"
FIXED = (
    "telegram.ext, apscheduler.schedulers.asyncio, tinydb, pydantic_settings, jinja2, typer, rich"
)
PEERS = {
    LIBRARY: LIBRARY,
    "all that is fixed": FIXED,
    "all that is fixed, the log too": f"{FIXED}, structlog",
}
PEAK = "from tests.bench.fresh import peak; print(peak())"
PATIENCE = 60  # seconds
OURS_OR_SLOW = ("YINLU", "PYTHONDONTWRITEBYTECODE")
BOUND = "settings (pydantic), texts (jinja2), command line (typer) and log (structlog) are imported as well"


def measure(*, quick: bool) -> Iterator[Ratio]:
    rounds = 2 if quick else 5
    until_ready()  # as the first start does, this one compiles our modules; a library's came compiled
    runs: list[tuple[float, float]] = []
    imports: dict[str, list[tuple[float, float]]] = {name: [] for name in PEERS}
    for _ in range(rounds):  # in turn
        runs.append(until_ready())
        for name, modules in PEERS.items():
            imports[name].append(importing(modules))
    for place, (what, unit) in enumerate((("time", "ms"), ("memory", "MiB"))):
        a = tuple(one[place] for one in runs)
        for name, peers in imports.items():
            b = tuple(one[place] for one in peers)
            case = f"yinlu run to READY / import {name}, {what}"
            yield Ratio(GOAL, case, unit, a, b, AIM, because=BOUND)


def importing(modules: str) -> tuple[float, float]:
    """Milliseconds and MiB of an interpreter that imports them."""
    begin = perf_counter()
    held = float(interpreter("-c", f"import {modules}; {PEAK}"))
    return (perf_counter() - begin) * 1000, held


def until_ready() -> tuple[float, float]:
    """Milliseconds and MiB of `yinlu run` until it has its folder and is at work."""
    with TemporaryDirectory() as name, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        place = Path(name) / "notify"
        heard.bind(str(place))
        heard.settimeout(PATIENCE)
        told = {
            "NOTIFY_SOCKET": str(place),
            "YINLU_TOKEN": "4242:AAbenchBENCHbenchBENCHbenchBENCHbench",
            "YINLU_API_URL": "http://127.0.0.1:9",  # nobody is there: it says so and keeps trying
        }
        environment = os.environ.items()  # noqa: TID251 - for a child
        own = {key: value for key, value in environment if not key.startswith(OURS_OR_SLOW)}
        begin = perf_counter()
        line = [sys.executable, "-m", "bot", "--data", str(Path(name) / "data"), "run"]
        process = subprocess.Popen(line, env=own | told, stderr=subprocess.DEVNULL)
        try:
            while b"READY=1" not in heard.recv(4096):
                continue
            took = (perf_counter() - begin) * 1000
            held = peak_of(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)
    return took, held


def peak_of(pid: int) -> float:
    """Return the most that the process has ever held in memory, in MiB."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text("ascii"))
    if found is None:
        raise LookupError("no VmHWM")
    return int(found[1]) / 1024
