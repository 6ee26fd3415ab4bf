"""docs/api.md: its example runs from top to bottom; its names and links lead somewhere."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import shisaku

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
CODE = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_the_example_runs_and_ends_in_a_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pandas = pytest.importorskip("pandas")
    shutil.copytree(ROOT / "data" / "raw", tmp_path / "data" / "raw")
    monkeypatch.chdir(tmp_path)
    assert len(CODE) >= 7
    names: dict[str, Any] = {}
    for block in CODE:
        exec(compile(block, "docs/api.md", "exec"), names)
    table, by_page = names["table"], names["by_page"]
    assert isinstance(table, pandas.DataFrame) and isinstance(by_page, pandas.DataFrame)
    assert int(table.loc["警察庁", 2024]) == 5
    assert by_page.to_numpy().sum() > 0
    assert "did you mean" in capsys.readouterr().out
    assert (tmp_path / "npa.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_what_it_names_is_there() -> None:
    for name in re.findall(r"`(?:shisaku\.)?(\w+)\(data\)", PAGE):
        assert name in shisaku.__all__
    for name in re.findall(r"`Index\.(\w+)", PAGE):
        assert callable(getattr(shisaku.Index, name))


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)]+)\)", PAGE):
        assert (ROOT / "docs" / target).exists(), target


def test_every_schema_is_named() -> None:
    listed = PAGE[PAGE.index("| [schema/](schema) |") :]
    for path in (ROOT / "docs" / "schema").iterdir():
        assert re.search(rf"\b{path.name.removesuffix('.schema.json')}\b", listed), path.name
