"""Which files under parsed/ are documents, and what is said of those that look like one."""

from pathlib import Path

import pytest

from shisaku.index.errors import NoIndexError
from shisaku.index.generations.build import build_index
from shisaku.index.generations.parsed_files import parsed_files
from tests.support import factories

NAMES = [
    # a file under parsed/, the name under which it is indexed; None: it is not
    ("a.pdf.json", "a.pdf"),
    ("sub/b.html.json", "sub/b.html"),
    ("c.json.json", "c.json"),
    ("d.pdf", None),
    ("e.pdf.json.bak", None),
    (".f.pdf.json", None),  # being written, or nobody's
    (".g/h.pdf.json", None),
    ("sub/.i.pdf.json", None),
]


@pytest.mark.parametrize(("place", "name"), NAMES)
def test_which_files_are_documents(tmp_path: Path, place: str, name: str | None) -> None:
    path = tmp_path / "parsed" / place
    path.parent.mkdir(parents=True)
    path.touch()
    odd: dict[str, str] = {}
    assert parsed_files(tmp_path, odd) == ({name: str(path)} if name else {})
    assert odd == {}


def test_documents_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    (tmp_path / "parsed").mkdir()
    for name in "cab":
        (tmp_path / "parsed" / f"{name}.json").touch()
    assert list(parsed_files(tmp_path)) == ["a", "b", "c"]


def test_a_link_to_a_folder_is_told_and_one_to_a_document_is_one(tmp_path: Path) -> None:
    factories.write_parsed(tmp_path, *factories.corpus())
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "x.pdf.json").write_bytes((tmp_path / "parsed/kaisai.html.json").read_bytes())
    (tmp_path / "parsed/folder").symlink_to(elsewhere)
    odd: dict[str, str] = {}
    assert "folder/x.pdf" not in parsed_files(tmp_path, odd)
    assert odd == {"folder": "It is a link to a directory, which is not followed"}
    report = build_index(tmp_path)
    (problem,) = report.problems
    assert problem.file == "parsed/folder"
    assert problem.reason.startswith("It is a link to a directory, which is not followed")


def test_without_parsed_there_is_nothing_to_index(tmp_path: Path) -> None:
    with pytest.raises(NoIndexError):
        parsed_files(tmp_path)
    (tmp_path / "parsed").mkdir()
    assert parsed_files(tmp_path) == {}
