"""Finds the corpus of real documents; a test that needs it is skipped, saying so, elsewhere."""

import os
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("SHISAKU_CORPUS") or Path(__file__).parents[2] / "../shared/corpus")


def seed(name: str) -> Path:
    """Give a file under seeds/, or skip the test where the corpus is absent."""
    path = ROOT / "seeds" / name
    if not path.exists():
        pytest.skip(f"the corpus of real documents is not here ($SHISAKU_CORPUS): seeds/{name}")
    return path
