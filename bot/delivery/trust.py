"""Whom a call over TLS trusts: the certificates of the library, whatever the environment says."""

from __future__ import annotations

import ssl
from functools import cache

import httpx


@cache
def trusted() -> ssl.SSLContext:
    """Return the one context of the process; reading the certificates takes some 30 ms each time."""
    return httpx.create_ssl_context(trust_env=False)
