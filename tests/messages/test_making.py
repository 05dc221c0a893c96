"""The child's side: one call read, its bytes written."""

from __future__ import annotations

import io
import sys
from functools import partial
from types import SimpleNamespace

import pytest

from messages import making


def ran(call: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[int, bytes, str]:
    out, err = io.BytesIO(), io.StringIO()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(call)))
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=out))
    monkeypatch.setattr(sys, "stderr", err)
    return making.main(), out.getvalue(), err.getvalue()


def test_call_is_read_and_its_bytes_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ran(making.packed(partial(bytes, 2)), monkeypatch) == (0, b"\0\0", "")


def test_failure_says_its_kind_and_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    call = making.packed(partial(bytes.fromhex, "李明"))
    assert ran(call, monkeypatch) == (1, b"", "ValueError")
