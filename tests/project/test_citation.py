"""CITATION.cff has what CFF 1.2.0 requires, and says what pyproject.toml says."""

import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CFF = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def top() -> dict[str, str]:
    """Give the keys of the file with what stands behind them on their line."""
    return dict(re.findall(r"^([a-z-]+):[ ]*(.*)$", CFF, re.MULTILINE))


def test_the_required_keys_are_there() -> None:
    keys = top()
    assert keys["cff-version"] == "1.2.0"
    assert keys["message"] and keys["title"] == PROJECT["name"]
    assert keys["type"] == "software"
    # An author is an entity with a name, or a person.
    assert re.search(r"^authors:\n  - (name|family-names|given-names|alias): \S", CFF, re.MULTILINE)


def test_it_is_in_step_with_the_package() -> None:
    keys = top()
    assert keys["version"] == PROJECT["version"]
    assert keys["license"] == PROJECT["license"]["text"]


def test_no_plain_value_would_be_read_as_another_type_or_a_mapping() -> None:
    for name, value in top().items():
        assert not re.search(r": | #|^[\[{&*!|%@`]", value), name


def test_a_date_of_release_stands_beside_a_dated_version_alone() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    released = re.search(r"^## [0-9.]+ \(([0-9-]+)\)", changes, re.MULTILINE)
    assert top().get("date-released", "") == (released[1] if released else "")
