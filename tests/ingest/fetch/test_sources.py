import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from filelock import FileLock

from shisaku.cli import main
from shisaku.ingest.fetch.report import RESULTS
from shisaku.ingest.fetch.sources import SHIPPED, Source, SourcesError, find_sources, load_sources
from shisaku.ingest.fetch.toml_file import TomlError, read_toml
from shisaku.ingest.registry import registry
from tests.support.web import Site, document, html, offering, pdf, reply, tree

ENTRY = """[[source]]
name = "npa"
publisher = "警察庁"
pages = ["https://www.npa.go.jp/a.html"]
hosts = ["WWW.npa.go.jp"]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "sources.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_entry_with_the_least_there_can_be(tmp_path: Path) -> None:
    found = load_sources(written(tmp_path, ENTRY))
    assert found.entries == (
        Source(
            name="npa",
            publisher="警察庁",
            pages=("https://www.npa.go.jp/a.html",),
            hosts=("www.npa.go.jp",),
        ),
    )
    assert found.contact == "" and not found.entries[0].allow_private


WRONG = [
    ("", "no [[source]] entry"),
    ("source = 3", "no [[source]] entry"),
    ("[[source]", "line 1"),
    ("colour = 1\n" + ENTRY, "'colour'"),
    ('contact = "a\\nb"\n' + ENTRY, "'contact'"),
    (ENTRY.replace("publisher", "publihser"), "entry 1 (npa), key 'publi"),
    (ENTRY.replace('publisher = "警察庁"\n', ""), "entry 1 (npa), key 'publisher'"),
    (ENTRY + "delay = -1", "entry 1 (npa), key 'delay'"),
    (ENTRY + 'min = "3"', "entry 1 (npa), key 'min'"),
    (ENTRY + "min = 3\nmax = 2", "entry 1 (npa), key 'max'"),
    (ENTRY + 'include = "*.pdf"', "entry 1 (npa), key 'include'"),
    (ENTRY + 'include = ["*.pdf", 3]', "entry 1 (npa), key 'include'"),
    (ENTRY + "depth = 99", "entry 1 (npa), key 'depth'"),
    (ENTRY + "colour = 1", "entry 1 (npa), key 'colour'"),
    (ENTRY + ENTRY, "entry 2 (npa), key 'name'"),
    (ENTRY.replace('"npa"', '"../x"'), "key 'name'"),
    (ENTRY.replace('"npa"', '"con"'), "key 'name'"),
    (ENTRY.replace('"npa"', r'"npa\n"'), "key 'name'"),
    (ENTRY.replace('"npa"', "3"), "entry 1, key 'name'"),
    (ENTRY.replace("https://www", "ftp://www"), "key 'pages'"),
    (ENTRY.replace("https://www.npa", "https://www.moj"), "key 'pages': www.moj.go.jp is not"),
    (ENTRY.replace("WWW.npa.go.jp", "https://www.npa.go.jp/"), "key 'hosts'"),
    (ENTRY.replace('["WWW.npa.go.jp"]', "[]"), "key 'hosts'"),
    ('contact = "' + "a" * 201 + '"\n' + ENTRY, "'contact'"),
    (ENTRY + "max_minutes = 0", "key 'max_minutes'"),
    (ENTRY + "max_seconds = nan", "key 'max_seconds'"),
    (ENTRY + "max_mb = 70\nmax_total_mb = 69", "key 'max_total_mb'"),
    # What a TOML parser has no patience, no stack or no number for.
    (ENTRY + "a = " + "[" * 5000 + "]" * 5000, "nested too deeply (at line 6)"),
    ("a = " + "{b=" * 3000 + "1" + "}" * 3000, "nested too deeply (at line 1)"),
    (ENTRY + "min = " + "9" * 6000, "a number is too long (at line 6)"),
    (ENTRY + "min = -" + "9_9" * 6000, "a number is too long (at line 6)"),
    (ENTRY + "a" + ".a" * 100_000 + " = 1", "too many parts (at line 6)"),
    (ENTRY + '"a"' + " . 'a'" * 100_000 + " = 1", "too many parts (at line 6)"),
    (ENTRY + "a = 2026-13-40", "(at line 6"),
    (ENTRY + "# " + "x" * 1_000_000, "larger than 1000 kB"),
]


@pytest.mark.parametrize(("text", "words"), WRONG)
def test_what_is_wrong_is_named_by_file_entry_and_key(
    tmp_path: Path, text: str, words: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(SourcesError) as error:
        load_sources(path)
    assert words in str(error.value) and str(path) in str(error.value)
    assert error.value.exit_code == 2 and error.value.remedy


def test_a_list_that_is_not_there_or_not_utf8(tmp_path: Path) -> None:
    with pytest.raises(SourcesError, match="No such file"):
        load_sources(tmp_path / "none.toml")
    path = tmp_path / "sjis.toml"
    path.write_bytes(ENTRY.encode("cp932"))
    with pytest.raises(SourcesError, match="UTF-8"):
        load_sources(path)


def test_a_byte_order_mark_is_read_over_and_line_ends_of_windows_are_none(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_bytes(b"\xef\xbb\xbf" + ENTRY.replace("\n", "\r\n").encode())
    assert load_sources(path).entries[0].name == "npa"


def test_numbers_and_keys_of_a_usual_length_are_read(tmp_path: Path) -> None:
    long = "a" + ".a" * 60  # in a comment and in a value they are words
    text = ENTRY + f'plan = "{"9" * 4000}" # {"9" * 3000}'
    assert load_sources(written(tmp_path, text)).entries[0].plan == "9" * 4000
    with pytest.raises(SourcesError, match="unknown field"):
        load_sources(written(tmp_path, ENTRY + long[:81] + " = 1"))


@pytest.mark.parametrize("kind", ["a pipe", "a directory", "a device", "a link to nothing"])
def test_what_is_no_file_is_told_at_once(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "sources.toml"
    if kind == "a pipe":
        os.mkfifo(path)
    elif kind == "a directory":
        path.mkdir()
    else:
        path.symlink_to("/dev/zero" if kind == "a device" else tmp_path / "none")
    assert find_sources(tmp_path) == path
    with pytest.raises(SourcesError) as error:
        load_sources(path)
    assert str(path) in str(error.value) and error.value.exit_code == 2 and error.value.remedy


def test_which_list_counts(tmp_path: Path) -> None:
    assert find_sources(tmp_path) == SHIPPED
    own = written(tmp_path, ENTRY)
    assert find_sources(tmp_path) == own
    assert find_sources(tmp_path, tmp_path / "x.toml") == tmp_path / "x.toml"


def test_the_shipped_list_speaks_of_known_bodies_and_plans() -> None:
    found = load_sources(SHIPPED)
    bodies = {entry.publisher for entry in found.entries}
    assert bodies == {"内閣官房", "警察庁", "出入国在留管理庁", "外務省", "こども家庭庁"}
    for entry in found.entries:
        assert registry().body(entry.publisher), entry.name
        assert not entry.plan or registry().resolve_plan(entry.plan), entry.name
        assert not entry.tried, "say so in docs/fetching.md when one has been tried"
        assert not entry.allow_private and entry.delay >= 1
        assert all(page.startswith("https://") for page in entry.pages)
        assert all(host.endswith(".go.jp") for host in entry.hosts)


def test_every_key_and_every_result_is_documented() -> None:
    text = (Path(__file__).parents[3] / "docs" / "fetching.md").read_text(encoding="utf-8")
    for key in Source.__struct_fields__:
        assert f"`{key}`" in text, key
    for result in RESULTS:
        assert f"| {result} |" in text, result


# --- the command ---------------------------------------------------------------------------------


@pytest.fixture
def site() -> Iterator[Site]:
    with offering({"a.pdf": "a", "b.pdf": "b"}) as found:
        yield found


def entry(site: Site, more: str = "") -> str:
    return (
        f'[[source]]\nname = "sho"\npublisher = "警察庁"\nhosts = ["127.0.0.1:{site.port}"]\n'
        f'pages = ["http://127.0.0.1:{site.port}/index.html"]\nallow_private = true\ndelay = 0\n'
        + more
    )


def run(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--data", str(data), *arguments])


def test_the_command_over_a_real_connection(site: Site, tmp_path: Path) -> None:
    written(tmp_path, entry(site))
    result = run(tmp_path, "fetch", "--json")
    assert result.exit_code == 0, result.stderr
    assert "2 added, 0 changed" in result.stderr
    assert '"added": 2' in result.stdout
    site.routes["/b.pdf"] = reply(403)
    result = run(tmp_path, "fetch", "--source", "sho")
    assert result.exit_code == 3
    assert "/b.pdf: The server answered 403" in result.stderr


def test_update_fetches_first_when_asked(site: Site, tmp_path: Path) -> None:
    written(tmp_path, entry(site))
    (tmp_path / "raw").mkdir()
    site.routes["/index.html"] = document(html("p.html"))
    site.routes["/p.html"] = document(html(words="<p>人身取引対策を推進する。</p>" * 3))
    written(tmp_path, entry(site, 'include = ["*/p.html"]'))
    assert '"fetch"' not in run(tmp_path, "update", "--json").stdout
    assert not site.log
    result = run(tmp_path, "update", "--fetch", "--json")
    assert result.exit_code == 0, result.stderr
    assert '"fetch"' in result.stdout and '"added": 1' in result.stdout
    assert '"new": 1' in result.stdout


@pytest.mark.parametrize("command", [["fetch"], ["update", "--fetch"]])
@pytest.mark.parametrize("option", ["--fetch-minutes", "--fetch-mb"])
def test_a_run_has_a_bound_of_its_own(
    site: Site, tmp_path: Path, command: list[str], option: str
) -> None:
    written(tmp_path, entry(site))
    (tmp_path / "raw").mkdir()
    result = run(tmp_path, *command, option, "0.0000001")
    assert result.exit_code == 3 and "1 addresses not asked" in result.stderr
    assert "its share of the run's 1e-07 M" in result.stderr.replace("minutes", "MB")
    assert run(tmp_path, *command, option, "0").exit_code == 2
    assert "not asked" not in run(tmp_path, *command).stderr


def test_a_wrong_list_and_an_unknown_source_are_usage(site: Site, tmp_path: Path) -> None:
    written(tmp_path, entry(site, "min = -1"))
    result = run(tmp_path, "fetch")
    assert result.exit_code == 2 and "key 'min'" in result.stderr
    written(tmp_path, entry(site))
    result = run(tmp_path, "fetch", "--source", "none")
    assert result.exit_code == 2 and "Known: sho" in result.stderr
    assert run(tmp_path, "fetch", "--sources", str(tmp_path / "no.toml")).exit_code == 2
    assert not site.log


def test_one_writer_at_a_time(site: Site, tmp_path: Path) -> None:
    written(tmp_path, entry(site))
    (tmp_path / "runs").mkdir()
    with FileLock(tmp_path / "runs" / "writer.lock"):
        result = run(tmp_path, "fetch")
    assert result.exit_code == 5 and not site.log


def test_min_not_reached_rings_and_untried_is_told(site: Site, tmp_path: Path) -> None:
    written(tmp_path, entry(site, "min = 3\ntried = false"))
    result = run(tmp_path, "fetch")
    assert result.exit_code == 3
    assert "at least 3 are expected" in result.stderr and "not yet been tried" in result.stderr


def test_killed_at_any_moment_nothing_is_lost(site: Site, tmp_path: Path) -> None:
    """A process that dies in the middle leaves whole files, and the next run ends like any."""
    links = [f"d{number}.pdf" for number in range(12)]
    for link in links:
        site.routes[f"/{link}"] = document(pdf(link * 2000))
    site.routes["/index.html"] = document(html(*links))
    written(tmp_path, entry(site))
    command = [
        sys.executable,
        "-c",
        "import shisaku.cli as cli; cli.main()",
        "--data",
        str(tmp_path),
        "fetch",
    ]
    whole = {pdf(link * 2000) for link in links}
    here = Path(__file__).parents[3]
    for asked in (2, 5, 9):
        site.log.clear()
        process = subprocess.Popen(command, cwd=here, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 10
        while len(site.log) < asked and process.poll() is None and time.monotonic() < until:
            time.sleep(0.002)
        assert process.poll() is None, "it ended before it could be killed"
        process.kill()
        process.wait()
        found = tree(tmp_path / "raw") if (tmp_path / "raw").exists() else {}
        assert {text for name, text in found.items() if name.endswith(".pdf")} <= whole
    result = run(tmp_path, "fetch")
    assert result.exit_code == 0, result.stderr
    found = tree(tmp_path / "raw")
    assert {text for name, text in found.items() if name.endswith(".pdf")} == whole
    assert len(found) == 24


# --- the least and the most of each value --------------------------------------------------------

VALUES = [
    # key, the least and the most that it may be, what is below and above
    ("depth", (0, 5), (-1, 6)),
    ("min", (0, 10**9), (-1,)),
    ("max", (0, 10**9), (-1,)),
    ("delay", (0.0, 600.0), (-0.1, 600.1)),
    ("max_mb", (0.001, 1024.0), (0.0, 1024.1)),
    ("max_pages", (1, 10_000), (0, 10_001)),
    ("max_seconds", (0.001, 3600.0), (0.0, 3600.1)),
    ("max_minutes", (0.001, 1440.0), (0.0, 1440.1)),
    ("max_total_mb", (64.0, 1_000_000.0), (63.9, 1_000_000.1)),
    ("list_pages", (1, 10_000), (0, 10_001)),
    ("keep_versions", (1, 10_000), (0, 10_001)),
    ("keep_days", (0, 36_500), (-1, 36_501)),
]


@pytest.mark.parametrize(("key", "good", "bad"), VALUES, ids=[row[0] for row in VALUES])
def test_what_a_key_may_be(
    tmp_path: Path, key: str, good: tuple[float, ...], bad: tuple[float, ...]
) -> None:
    path = tmp_path / "sources.toml"
    for value in good:
        path.write_text(f"{ENTRY}{key} = {value}", encoding="utf-8")
        assert getattr(load_sources(path).entries[0], key) == value
    for value in bad:
        path.write_text(f"{ENTRY}{key} = {value}", encoding="utf-8")
        with pytest.raises(SourcesError, match=f"'{key}'"):
            load_sources(path)


@pytest.mark.parametrize(("length", "good"), [(200, True), (201, False)])
def test_a_contact_may_have_so_many_characters(tmp_path: Path, length: int, good: bool) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(f'contact = "{"a" * length}"\n{ENTRY}', encoding="utf-8")
    if good:
        assert load_sources(path).contact == "a" * length
    else:
        with pytest.raises(SourcesError, match="longer than 200"):
            load_sources(path)


FLAT, DEEP = "[" + "[]," * 199 + "]", "[" * 5000 + "]" * 5000
TOML = [
    # what, the text, what is wrong with it
    ("a megabyte", "#" * 1_000_000, ""),
    ("one byte more", "#" * 1_000_001, "larger than 1000 kB"),
    ("4,000 digits", "a = " + "9" * 4000, ""),
    ("4,001 digits", "a = " + "9" * 4001, "a number is too long"),
    ("50 parts", ".".join("a" * 50) + " = 1", ""),
    ("51 parts", ".".join("a" * 51) + " = 1", "too many parts"),
    # The line that is blamed: one with more than 200 brackets.
    ("200 brackets side by side", f"a = {FLAT}\nb = {DEEP}", "(at line 2)"),
    ("nested over many lines", "a = " + "[\n" * 5000 + "\n]" * 5000, "too deeply."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wrong"), [row[1:] for row in TOML], ids=[row[0] for row in TOML])
def test_how_much_toml_may_be(tmp_path: Path, text: str, wrong: str) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text, encoding="utf-8")
    if wrong:
        with pytest.raises(TomlError) as error:
            read_toml(path)
        assert wrong in str(error.value)
    else:
        read_toml(path)
