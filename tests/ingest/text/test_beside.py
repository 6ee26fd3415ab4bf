"""Domain data beside the code: read once, kept like bytecode, and read anew when they change."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from shisaku.ingest.text import beside


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "words.toml").write_text('word = "保護"\n', encoding="utf-8")
    return tmp_path / "module.py"


def read(module: Path) -> Any:
    return beside.table(str(module), "words.toml")


def kept(module: Path) -> list[Path]:
    return list((module.parent / "__pycache__").iterdir())


def test_what_was_read_is_kept(module: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(module) == {"word": "保護"}
    assert [path.name for path in kept(module)] == [f"words.toml.{sys.implementation.cache_tag}"]
    monkeypatch.setattr("tomllib.loads", None)
    found = read(module)
    assert found == {"word": "保護"}
    found.clear()  # it is nobody else's
    assert read(module) == {"word": "保護"}


def test_a_changed_file_is_read_anew(module: Path) -> None:
    read(module)
    path = module.with_name("words.toml")
    status = path.stat()
    path.write_text('word = "支援"\n', encoding="utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    assert read(module) == {"word": "支援"}
    path.write_text('word = "支援者"\n', encoding="utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    assert read(module) == {"word": "支援者"}


@pytest.mark.parametrize("damage", [b"", b"(", b"i\x01\0\0\0", b"\xff" * 9, b"[\x02\0\0\0"])
def test_what_is_kept_may_be_damaged(module: Path, damage: bytes) -> None:
    read(module)
    [path] = kept(module)
    path.write_bytes(damage)
    assert read(module) == {"word": "保護"}
    assert path.read_bytes() != damage


def test_nothing_is_kept_where_python_keeps_nothing(
    module: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (module.parent / "__pycache__").rmdir()
    assert read(module) == {"word": "保護"}
    (module.parent / "__pycache__").mkdir()
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert read(module) == {"word": "保護"}
    assert kept(module) == []


def test_a_date_is_read_and_not_kept(module: Path) -> None:
    module.with_name("words.toml").write_text("first = 1989-01-08\n", encoding="utf-8")
    assert read(module)["first"].year == 1989
    assert kept(module) == []
