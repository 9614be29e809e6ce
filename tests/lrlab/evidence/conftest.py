"""What the tests of the evidence share: they read the recorded experiments of this checkout."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def course(monkeypatch) -> Path:
    """Go to the root of the course, and return it."""
    root = Path(__file__).parents[3]
    monkeypatch.chdir(root)
    return root
