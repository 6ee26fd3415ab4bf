"""`import shisaku`: what it offers, that it loads nothing by itself, that type checkers see it."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import shisaku
from shisaku.index import errors as index_errors
from shisaku.ingest import errors as ingest_errors

SOURCE = Path(shisaku.__file__)


def seen_by_type_checkers() -> dict[str, str]:
    """Give the module of each name that is imported for type checkers, below `shisaku`."""
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"))
    branch = next(node for node in tree.body if isinstance(node, ast.If))
    return {
        alias.asname or alias.name: (node.module or "").removeprefix("shisaku.")
        for node in branch.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def test_type_checkers_see_what_there_is() -> None:
    assert seen_by_type_checkers() == shisaku._WHERE
    assert set(shisaku.__all__) == set(shisaku._WHERE)
    assert len(set(shisaku.__all__)) == len(shisaku.__all__)


@pytest.mark.parametrize("name", shisaku.__all__)
def test_every_name_is_there_and_says_what_it_is(name: str) -> None:
    found = getattr(shisaku, name)
    assert name in dir(shisaku)
    if callable(found):
        assert found.__doc__ and found.__name__ == name
        if not isinstance(found, type):
            assert "Example:" in found.__doc__ or name == "documents"


def test_every_error_is_to_be_had() -> None:
    for module in (index_errors, ingest_errors):
        for name, found in vars(module).items():
            if isinstance(found, type) and issubclass(found, BaseException):
                assert getattr(shisaku, name) is found


def test_what_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'shisaku' has no attribute 'serach'"):
        shisaku.serach  # type: ignore[attr-defined]  # noqa: B018


def test_importing_it_loads_nothing_and_the_packages_keep_their_names() -> None:
    program = (
        "import sys; before = set(sys.modules); import shisaku\n"
        "print(sorted(set(sys.modules) - before))\n"
        "shisaku.Filters, shisaku.open_index\n"
        "print('whoosh' in sys.modules, 'click' in sys.modules, 'pdfplumber' in sys.modules)\n"
        "import shisaku.ingest.model, shisaku.index.errors\n"
        "print(shisaku.ingest.__name__, shisaku.index.__name__, shisaku.NoIndexError.__name__)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.splitlines() == [
        "['shisaku']", "False False False", "shisaku.ingest shisaku.index NoIndexError",
    ]  # fmt: skip


def test_all_can_be_imported_at_once() -> None:
    found: dict[str, object] = {}
    exec("from shisaku import *", found)
    assert set(shisaku.__all__) <= found.keys()
