"""The stand-in as its own process: `python -m bot.rehearsal.botapi --port 0 --token 4242:any`.

Prints its address on one line and serves until it is stopped (SIGINT or SIGTERM: exit 0).
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys

from bot.clock import SystemClock
from bot.rehearsal.botapi.server import serve
from bot.rehearsal.botapi.world import World


async def run(port: int, token: str) -> None:
    stopped = asyncio.Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(ending, stopped.set)
    async with serve(World(SystemClock().now, token=token), port=port, control=True) as url:
        sys.stdout.write(f"{url}\n")
        sys.stdout.flush()
        await stopped.wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.rehearsal.botapi", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--token", default="4242:rehearsal", help="the only token let in")
    given = parser.parse_args()
    asyncio.run(run(given.port, given.token))


if __name__ == "__main__":
    main()
