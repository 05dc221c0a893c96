"""What a service manager is told: systemd's sd_notify, one datagram a message.

Without NOTIFY_SOCKET there is nobody to tell, and nothing happens.
"""

from __future__ import annotations

import contextlib
import socket
from dataclasses import dataclass

READY, ALIVE, STOPPING = "READY=1", "WATCHDOG=1", "STOPPING=1"


@dataclass(frozen=True, slots=True)
class Supervisor:
    """``address``: a Unix datagram socket, ``@`` first for an abstract one; None: nobody listens.

    ``patience``: within how many seconds it wants to hear ALIVE; None: it does not wait for it.
    """

    address: str | None = None
    patience: float | None = None

    def tell(self, *what: str) -> None:
        """Send; whoever does not listen any more does no harm. Never blocks."""
        if self.address is None:
            return
        place = f"\0{self.address[1:]}" if self.address.startswith("@") else self.address
        with (
            contextlib.suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as door,
        ):
            door.sendto("\n".join(what).encode(), place)
