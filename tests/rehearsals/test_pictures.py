"""The README's pictures of the rehearsal page: there, small, and pictures."""

from __future__ import annotations

import re

from tests.rehearsals.small_png import LARGEST, SIGNATURE
from tests.test_project import README, ROOT


def test_readme_shows_small_pictures_that_are_there() -> None:
    named = re.findall(r'(?:src|srcset)="(tests/[^"]+\.png)"', README)
    assert len(named) == 4
    for one in named:
        content = (ROOT / one).read_bytes()
        assert content.startswith(SIGNATURE)
        assert len(content) <= LARGEST, one
