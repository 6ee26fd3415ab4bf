import errno
import os
import time
import unicodedata
from pathlib import Path

import pytest

from shisaku.ingest.batch import discover as module
from shisaku.ingest.batch.discover import Discovery, UnlistedError, discover, shown_name
from shisaku.ingest.disk import remembered

NFC = unicodedata.normalize("NFC", "がん対策.pdf")
NFD = unicodedata.normalize("NFD", "がん対策.pdf")


def _put(raw: Path, **files: str) -> None:
    for name, text in files.items():
        _write(raw / name.replace("__", "/").replace("_", "."), text)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _find(raw: Path, **known: str) -> Discovery:
    return discover(raw, raw.parent / "runs", known=known)


def _ids(found: Discovery) -> list[str]:
    return [document.id for document in found.documents]


def test_suffixes_in_any_case_and_depth(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    for name in ("a.pdf", "b.PDF", "x/c.Html", "x/y/d.htm", "x/y/z/e.XHTML"):
        _write(raw / name, name)
    for name in ("f.txt", "g", "x/h.docx", ".hidden.pdf", "i.pdf.part", "j.pdf~", "~$k.pdf", "pdf"):
        _write(raw / name, name)
    _write(raw / ".git/l.pdf", "a whole directory counts once")
    found = _find(raw)
    assert _ids(found) == ["a.pdf", "b.PDF", "x/c.Html", "x/y/d.htm", "x/y/z/e.XHTML"]
    assert found.ignored == 9
    assert found.problems == ()


def test_the_same_bytes_are_one_document_with_two_sources(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    _put(raw, b_pdf="same", a__c_pdf="same", d_pdf="other", e_html="same")
    found = _find(raw)
    # a page and a PDF never are one document: what one of them is called is a lie
    assert {d.id: [file.name for file in d.files] for d in found.documents} == {
        "a/c.pdf": ["a/c.pdf", "b.pdf"],
        "d.pdf": ["d.pdf"],
        "e.html": ["e.html"],
    }


def test_empty_files_have_nothing_in_common(tmp_path: Path) -> None:
    _put(tmp_path / "raw", a_pdf="", b_pdf="")
    assert _ids(_find(tmp_path / "raw")) == ["a.pdf", "b.pdf"]


def test_a_copy_that_sorts_first_does_not_take_over_the_name(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    _put(raw, m_pdf="same")
    (document,) = _find(raw).documents
    _put(raw, a_pdf="same")
    assert _ids(_find(raw)) == ["a.pdf"]
    assert _ids(_find(raw, **{"m.pdf": document.file.sha256})) == ["m.pdf"]
    assert _ids(_find(raw, **{"m.pdf": "changed since"})) == ["m.pdf"]
    (raw / "m.pdf").unlink()
    assert _ids(_find(raw, **{"m.pdf": document.file.sha256})) == ["a.pdf"]


def test_names_are_nfc(tmp_path: Path) -> None:
    _write(tmp_path / "raw" / NFD, "x")
    (document,) = _find(tmp_path / "raw").documents
    assert document.id == NFC
    assert document.file.path.read_text() == "x"


@pytest.mark.parametrize(("other", "codes"), [("x", []), ("y", ["name_clash"])])
def test_two_spellings_of_one_name(tmp_path: Path, other: str, codes: list[str]) -> None:
    raw = tmp_path / "raw"
    _write(raw / NFC, "x")
    _write(raw / NFD, other)
    if len(list(raw.iterdir())) == 1:
        pytest.skip("this file system knows only one of the two spellings")
    found = _find(raw)
    assert _ids(found) == [NFC]
    assert [problem.code for _, problem in found.problems] == codes


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("計画.pdf".encode("cp932"), "計画.pdf"),  # unpacked from an archive made on Windows
        (b"\x81.pdf\xff", "%81.pdf%FF"),
        (b"bad\xff.html", "bad%FF.html"),  # cp932 as Python has it knows even this byte
        ("計画.pdf".encode(), "計画.pdf"),
    ],
)
def test_names_that_are_no_utf8(data: bytes, name: str) -> None:
    assert shown_name(os.fsdecode(data)) == name


def test_a_name_that_is_no_utf8_is_reported_and_the_rest_taken(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    _put(raw, a_pdf="a")
    directory = raw / os.fsdecode("計画".encode("cp932"))
    try:
        _write(directory / "b.pdf", "b")
    except OSError:
        pytest.skip("this file system takes no such names")
    _write(raw / os.fsdecode(b"bad\xff.html"), "c")
    _write(raw / os.fsdecode(b"bad\xff.txt"), "d")
    found = _find(raw)
    assert _ids(found) == ["a.pdf"]
    assert found.ignored == 1
    assert sorted(found.unseen) == ["bad%FF.html", "計画"]
    assert sorted(
        (name, problem.code, problem.needs_attention) for name, problem in found.problems
    ) == [
        ("bad%FF.html", "name", True),
        ("計画", "name", True),
    ]


def test_links(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    _put(raw, x__a_pdf="a")
    _put(tmp_path, outside_pdf="secret")
    (raw / "inside.pdf").symlink_to("x/a.pdf")
    (raw / "outside.pdf").symlink_to(tmp_path / "outside.pdf")
    (raw / "loop").symlink_to(raw)
    (raw / "x/up").symlink_to("..")
    (raw / "broken.pdf").symlink_to("nowhere.pdf")
    (raw / "self.pdf").symlink_to("self.pdf")
    found = _find(raw)
    assert {d.id: [file.name for file in d.files] for d in found.documents} == {
        "inside.pdf": ["inside.pdf", "x/a.pdf"]
    }
    assert sorted(name for name, _ in found.problems) == [
        "broken.pdf", "loop", "outside.pdf", "self.pdf", "x/up",
    ]  # fmt: skip
    assert not any(problem.failed for _, problem in found.problems)


def test_raw_itself_may_be_a_link(tmp_path: Path) -> None:
    _put(tmp_path / "disk", a_pdf="a")
    (tmp_path / "raw").symlink_to(tmp_path / "disk")
    assert _ids(_find(tmp_path / "raw")) == ["a.pdf"]


def test_what_cannot_be_read_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = tmp_path / "raw"
    _put(raw, a_pdf="a", c_pdf="c")
    real_hash = module._hash

    def read(path: str) -> tuple[int, str]:
        if path.endswith("c.pdf"):
            raise PermissionError(13, "Permission denied")
        return real_hash(path)

    monkeypatch.setattr(module, "_hash", read)
    found = _find(raw)
    assert _ids(found) == ["a.pdf", "c.pdf"]
    problem = found.documents[1].file.problem
    assert problem is not None
    assert problem.failed
    assert "Permission denied" in problem.reason


def _refusing(monkeypatch: pytest.MonkeyPatch, folder: str, number: int) -> None:
    real = os.scandir

    def scandir(path: str) -> object:
        if Path(path).name == folder:
            raise OSError(number, os.strerror(number), path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO, errno.ESTALE, errno.EMFILE])
@pytest.mark.parametrize("folder", ["closed", "raw"])
def test_a_folder_that_cannot_be_listed_stops_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, number: int
) -> None:
    _put(tmp_path / "raw", a_pdf="a", x__closed__b_pdf="b")
    _refusing(monkeypatch, folder, number)
    with pytest.raises(UnlistedError, match=os.strerror(number)) as caught:
        _find(tmp_path / "raw")
    assert caught.value.exit_code == 1
    assert f"{folder} cannot be listed" in str(caught.value)
    assert ("--skip-folder x/closed" in caught.value.remedy) == (folder == "closed")
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENAMETOOLONG, "path"),  # no path leads there, tonight or ever
        (errno.ENOENT, "unreadable"),  # removed while the folder above was listed
    ],
)
def test_a_folder_to_which_no_path_leads_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    _put(tmp_path / "raw", a_pdf="a", x__b_pdf="b")
    _refusing(monkeypatch, "x", number)
    found = _find(tmp_path / "raw")
    assert (_ids(found), found.unseen) == (["a.pdf"], ("x",))
    assert [(name, problem.code) for name, problem in found.problems] == [("x", code)]


def test_the_folder_of_the_file_system_holds_no_documents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _put(tmp_path / "raw", a_pdf="a")
    (tmp_path / "raw/lost+found").mkdir()
    _refusing(monkeypatch, "lost+found", errno.EACCES)
    found = _find(tmp_path / "raw")
    assert (_ids(found), found.ignored, found.problems) == (["a.pdf"], 1, ())


def test_a_folder_that_is_left_out_is_not_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _put(tmp_path / "raw", a_pdf="a", x__y__b_pdf="b")
    _refusing(monkeypatch, "y", errno.EACCES)
    found = discover(tmp_path / "raw", tmp_path / "runs", skip={"x/y"})
    assert (_ids(found), found.unseen) == (["a.pdf"], ("x/y",))
    ((name, problem),) = found.problems
    assert (name, problem.code, problem.needs_attention) == ("x/y", "skipped", False)


@pytest.mark.parametrize("kind", ["directory", "pipe"])
def test_what_stands_in_the_place_of_a_document_is_not_its_removal(
    tmp_path: Path, kind: str
) -> None:
    raw = tmp_path / "raw"
    _put(raw, b_pdf="b")
    if kind == "pipe":
        os.mkfifo(raw / "a.pdf")
    else:
        _write(raw / "a.pdf/inner.pdf", "i")
    assert "a.pdf" not in _ids(_find(raw))
    found = _find(raw, **{"a.pdf": "0" * 64})
    (file,) = [document.file for document in found.documents if document.id == "a.pdf"]
    assert file.problem and file.problem.code == "not_a_file"
    assert ("a.pdf/inner.pdf" in _ids(found)) == (kind == "directory")


def test_a_copy_stands_in_for_a_file_that_cannot_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = tmp_path / "raw"
    _put(raw, m_pdf="same", a_pdf="same")
    digest = _find(raw).documents[0].file.sha256
    real = module._hash

    def read(path: str) -> tuple[int, str]:
        if path.endswith("m.pdf"):
            raise OSError(errno.EIO, os.strerror(errno.EIO), path)
        return real(path)

    monkeypatch.setattr(module, "_hash", read)
    (document,) = _find(raw, **{"m.pdf": digest}).documents
    assert (document.id, [file.name for file in document.files]) == ("m.pdf", ["a.pdf", "m.pdf"])
    assert document.file.path == raw / "a.pdf"
    assert [file.name for file in _find(raw, **{"m.pdf": digest}).unread] == ["m.pdf"]
    # What it held before is not what the other holds: it has a yesterday of its own.
    assert _ids(_find(raw, **{"m.pdf": "0" * 64})) == ["a.pdf", "m.pdf"]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    os.mkfifo(tmp_path / "raw/a.pdf")
    assert _find(tmp_path / "raw").ignored == 1


def _age(path: Path) -> None:
    old = time.time_ns() - 3_600_000_000_000
    os.utime(path, ns=(old, old))


def test_unchanged_files_are_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw, runs = tmp_path / "raw", tmp_path / "runs"
    cache = runs / "stat-cache.json"
    _put(raw, a_pdf="a", b_pdf="b")
    monkeypatch.setattr(remembered, "RACY_NS", 0)
    first = discover(raw, runs)
    stamp = cache.stat().st_mtime_ns
    read: list[str] = []
    real = module._hash

    def counting(path: str) -> tuple[int, str]:
        read.append(Path(path).name)
        return real(path)

    monkeypatch.setattr(module, "_hash", counting)
    assert discover(raw, runs) == first
    assert read == []
    assert cache.stat().st_mtime_ns == stamp
    # the same size and an old time stamp again, as rsync and cp -p leave them
    old = (raw / "b.pdf").stat().st_mtime_ns
    (raw / "b.pdf").write_text("c", encoding="utf-8")
    os.utime(raw / "b.pdf", ns=(old, old))
    assert discover(raw, runs) != first
    assert read == ["b.pdf"]
    discover(raw, runs, force=True)
    assert read == ["b.pdf", "a.pdf", "b.pdf"]
    cache.write_text("{ not json")
    assert len(discover(raw, runs).documents) == 2


def test_a_file_changed_just_now_is_read_again_next_time(tmp_path: Path) -> None:
    raw, runs = tmp_path / "raw", tmp_path / "runs"
    cache = runs / "stat-cache.json"
    _put(raw, a_pdf="a")
    discover(raw, runs)
    assert not cache.exists()
