"""Each limit of fetching, with a case on either side: what just passes and what does not."""

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path

import msgspec
import pytest
from urllib3 import HTTPResponse

from shisaku.ingest.fetch import bounds, deadlines
from shisaku.ingest.fetch.bounds import LinkMemory, bounded
from shisaku.ingest.fetch.deadlines import Budget, RunBudget, Stopped
from shisaku.ingest.fetch.failures import FetchFailure
from shisaku.ingest.fetch.http.body import inflated, read_body
from shisaku.ingest.fetch.http.client import Answer, Limits
from shisaku.ingest.fetch.pages.listing import MAX_PAGE, read_listing, unpacked
from shisaku.ingest.fetch.sources import Source
from shisaku.ingest.fetch.state import Seen
from tests.support.web import (
    FakeClock,
    Handler,
    Reply,
    Site,
    document,
    html,
    in_turn,
    pdf,
    reply,
    serving,
)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        found.routes["/index.html"] = reply(200, html("x.pdf"))
        found.routes["/x.pdf"] = document(pdf("x"))
        yield found


def codes(site: Site, folder: Path, clock: FakeClock | None = None) -> list[str]:
    """Fetch; return the codes of all that went wrong."""
    report = site.fetch(folder, clock=clock)
    problems = [problem for source in report.sources for problem in source.problems]
    return [one.problem.code for one in report.failed if one.problem] + [p.code for p in problems]


# --- documented ----------------------------------------------------------------------------------


PAGE = Path(__file__).parents[3] / "docs" / "fetching.md"


def test_the_limits_that_are_documented_are_those_of_the_program() -> None:
    said = " ".join(PAGE.read_text(encoding="utf-8").split())
    limits = Limits()
    for words in (
        f"`--fetch-minutes` ({deadlines.MINUTES:g}) | `--fetch-mb` ({deadlines.MEGABYTES:g})",
        f"remembers at most {bounds.MAX_ADDRESSES:,} addresses",
        f"{bounds._MAX_LINKS:,} links, of ten million characters",
        f"one page of at most {MAX_PAGE // 1_000_000} MB",
        f"looked up within {limits.connect:g} seconds",
        f"an answer go on within {limits.read:g}",
        f"after {limits.backoff:g}, {limits.backoff * 2:g} and {limits.backoff * 4:g} seconds",
    ):
        assert words in said, words
    assert "up to four times in all" in said and limits.tries == 4
    assert "up to two minutes" in said and limits.longest_wait == 2 * 60
    assert "of ten million characters" in said and bounds.MAX_CHARACTERS == 10_000_000


def test_what_a_key_is_by_default_is_documented() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \|.*\| ([^|]+) \|$", PAGE.read_text("utf-8"), re.M))
    numbers = {
        field.name: field.default
        for field in msgspec.structs.fields(Source)
        if isinstance(field.default, int | float) and not isinstance(field.default, bool)
    }
    assert {name: rows[name] for name in numbers} == {
        name: f"{value:g}" for name, value in numbers.items()
    }


# --- time and bytes of a run ---------------------------------------------------------------------

SHARES = [
    # sources, minutes and megabytes of the run and of the source → seconds, bytes, whose they are
    (2, (10, 10), (5, 5), (300, 5e6), ("5 minutes", "5 MB")),  # equal: the source's own
    (2, (10, 10), (6, 6), (300, 5e6), ("the run's 10 minutes", "the run's 10 MB")),
    (1, (10, 10), (6, 60), (360, 10e6), ("6 minutes", "the run's 10 MB")),
    (1, (10, 10), (60, 6), (600, 6e6), ("the run's 10 minutes", "6 MB")),
]


@pytest.mark.parametrize(("sources", "run", "own", "left", "words"), SHARES)
def test_a_source_has_its_own_limit_or_its_share(
    sources: int, run: tuple[int, int], own: tuple[int, int], left: tuple[float, float],
    words: tuple[str, str],
) -> None:  # fmt: skip
    budget = RunBudget(FakeClock(), sources, *run).share(*own)
    assert (budget.seconds, budget.size) == left
    assert budget.time_words.endswith(words[0]) and budget.size_words.endswith(words[1])


@pytest.mark.parametrize(
    ("seconds", "size", "code"),
    [(1, 1, ""), (0, 1, "out_of_time"), (-1, 1, "out_of_time"), (1, 0, "out_of_bytes"),
     (1, -1, "out_of_bytes"), (0, 0, "out_of_time")],
)  # fmt: skip
def test_a_budget_is_over_when_nothing_is_left(seconds: float, size: float, code: str) -> None:
    budget = Budget(FakeClock(), seconds, size, "the time", "the bytes")
    raised: list[Stopped] = []
    for check in (budget.check, budget.check_time):
        try:
            check()
        except Stopped as stop:
            raised.append(stop)
    assert [stop.code for stop in raised] == (
        [code] * (1 + (code == "out_of_time")) if code else []
    )
    # What was asked for is last in turn the next night; what was not even begun is not.
    assert [stop.begun for stop in raised] == [False, True][: len(raised)]


# --- what is remembered --------------------------------------------------------------------------


def test_so_many_addresses_are_remembered() -> None:
    after = {str(number): Seen(checked=f"{number:05}") for number in range(50_001)}
    assert set(after) - set(bounded(after, ())) == {"0"}  # what answered longest ago
    del after["0"]
    assert bounded(after, ()).keys() == after.keys()


@pytest.mark.parametrize(
    ("links", "length", "kept"),
    [(200_000, 1, True), (200_001, 1, False), (10, 1_000_000, True), (10, 1_000_001, False)],
)
def test_so_many_links_are_remembered(links: int, length: int, kept: bool) -> None:
    seen = Seen(links=("x" * length,) * links)
    assert (LinkMemory().admit(seen) == seen) is kept


# --- bodies --------------------------------------------------------------------------------------


def body(data: bytes, *, head_only: bool = False, encoding: str = "", length: str = "") -> bytes:
    """Return what is read of an answer where 1,000 bytes are allowed."""
    headers = {"content-encoding": encoding, "content-length": length}
    response = HTTPResponse(io.BytesIO(data), preload_content=False)
    return read_body(response, headers, 1000, head_only=head_only)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(("size", "fits"), [(0, True), (999, True), (1000, True), (1001, False)])
def test_a_body_may_be_as_long_as_its_limit(size: int, fits: bool, packed: bool) -> None:
    data = bytes(size)
    sent = gzip.compress(data) if packed else data
    encoding = "gzip" if packed else ""
    if fits:
        assert body(sent, encoding=encoding) == data
    else:
        with pytest.raises(FetchFailure) as failure:
            body(sent, encoding=encoding)
        assert failure.value.problem.code == "too_large"
    assert body(sent, head_only=True, encoding=encoding) == data[:1000]


@pytest.mark.parametrize(
    ("length", "fits"), [("1000", True), (" 1000 ", True), ("1001", False), ("x", True)]
)
def test_a_length_that_is_announced_is_believed(length: str, fits: bool) -> None:
    if fits:
        assert body(b"a", length=length) == b"a"
    else:
        with pytest.raises(FetchFailure):
            body(b"a", length=length)
    assert body(b"a", length=length, head_only=True) == b"a"


ENCODINGS = [
    ("gzip", True), ("x-gzip", True), ("GZIP ", True), ("deflate", True),
    ("br", False), ("zstd", False), ("compress", False), ("gzip, gzip", False),
]  # fmt: skip


@pytest.mark.parametrize(("encoding", "known"), ENCODINGS)
def test_which_compressions_are_read(encoding: str, known: bool) -> None:
    if known:
        assert body(gzip.compress(b"abc"), encoding=encoding) == b"abc"
    else:
        with pytest.raises(FetchFailure) as failure:
            body(gzip.compress(b"abc"), encoding=encoding)
        assert failure.value.problem.code == "broken"
    assert body(b"abc", encoding="identity") == b"abc"


ONE, OTHER = gzip.compress(b"one"), gzip.compress(b"other")
STREAMS: list[tuple[str, bytes, bytes | None]] = [
    # what, the data, what they hold; None: they are refused
    ("one member", ONE, b"one"),
    ("two members", ONE + OTHER, b"oneother"),
    ("padded", ONE + bytes(9), b"one"),
    ("padded between", ONE + bytes(9) + OTHER, b"oneother"),
    ("1,000 members", ONE * 1000, b"one" * 1000),
    ("1,001 members", ONE * 1001, None),
    ("something behind", ONE + b"x", None),
    ("cut off", ONE[:-1], None),
    ("the second cut off", ONE + OTHER[:-1], None),
    ("zlib", zlib.compress(b"one"), b"one"),
    ("zlib, padded", zlib.compress(b"one") + bytes(9), b"one"),
    ("zlib and more", zlib.compress(b"one") * 2, None),
    ("nothing", b"", None),
]


@pytest.mark.parametrize("piece", [1, 1 << 16])
@pytest.mark.parametrize(("data", "held"), [row[1:] for row in STREAMS],
                         ids=[row[0] for row in STREAMS])  # fmt: skip
def test_which_compressed_data_are_read(data: bytes, held: bytes | None, piece: int) -> None:
    pieces = (data[at : at + piece] for at in range(0, len(data), piece))
    if held is None:
        with pytest.raises((EOFError, zlib.error)):
            list(inflated(pieces, 5000))
    else:
        assert b"".join(inflated(pieces, 5000)) == held


def test_no_piece_is_longer_than_the_limit_and_one_byte() -> None:
    pieces = inflated(iter([gzip.compress(bytes(100_000))]), 1000)
    assert [len(piece) for piece in islice(pieces, 3)] == [1001] * 3


@pytest.mark.parametrize(("size", "fits"), [(MAX_PAGE, True), (MAX_PAGE + 1, False)])
def test_a_page_may_have_so_many_bytes(size: int, fits: bool) -> None:
    page = b"<html>" + b" " * (size - 6)
    packed = gzip.compress(page, 1)
    answer = Answer(200, "http://h/", {"content-type": "text/html"}, page)
    if fits:
        assert unpacked(packed) == page
        assert read_listing(answer, lambda _: True, 1).links == ()
    else:
        for read in (lambda: unpacked(packed), lambda: read_listing(answer, lambda _: True, 1)):
            with pytest.raises(FetchFailure) as failure:
                read()
            assert failure.value.problem.code == "too_large_page"


# --- answers -------------------------------------------------------------------------------------

STATUSES = [
    # status, what becomes of it: followed, tried again, or given up
    *((status, "followed") for status in (301, 302, 303, 307, 308)),
    *((status, "again") for status in (408, 425, 429, 500, 502, 503, 504)),
    *((status, "gone") for status in (404, 410)),
    *((status, "given up") for status in (201, 206, 300, 304, 305, 306, 309, 400, 401, 403, 405,
                                           407, 409, 411, 424, 426, 428, 501, 505, 599)),
]  # fmt: skip


@pytest.mark.parametrize(("status", "what"), STATUSES)
def test_what_becomes_of_a_status(site: Site, tmp_path: Path, status: int, what: str) -> None:
    site.routes["/there.pdf"] = document(pdf("there"))
    site.routes["/x.pdf"] = reply(status, b"", Location="/there.pdf")
    wanted = {"followed": [], "again": ["busy"], "gone": ["not_found"], "given up": ["status"]}
    assert codes(site, tmp_path) == wanted[what]
    assert site.asked("/x.pdf") == (3 if what == "again" else 1)
    assert site.asked("/there.pdf") == (what == "followed")


@pytest.mark.parametrize(("hops", "code"), [(5, []), (6, ["redirects"])])
def test_so_many_redirects_are_followed(
    site: Site, tmp_path: Path, hops: int, code: list[str]
) -> None:
    places = ["/x.pdf", *(f"/{number}.pdf" for number in range(hops))]
    for here, there in pairwise(places):
        site.routes[here] = reply(302, b"", Location=there)
    site.routes[places[-1]] = document(pdf("there"))
    assert codes(site, tmp_path) == code


HOSTS = [
    # statuses of the documents in turn, how many of them are asked for
    ([503, 503, 200, 503, 503, 200], 6),  # never three in a row
    ([503, 503, 503, 200, 200, 200], 3),
    ([503, 503, 404, 503, 503, 200], 6),  # an answer is an answer
]


@pytest.mark.parametrize(("statuses", "asked"), HOSTS)
def test_a_host_is_down_after_three_failures_in_a_row(
    site: Site, tmp_path: Path, statuses: list[int], asked: int
) -> None:
    names = [f"{number}.pdf" for number in range(len(statuses))]
    site.routes["/index.html"] = reply(200, html(*names))
    for name, status in zip(names, statuses, strict=True):
        site.routes[f"/{name}"] = reply(status, pdf(name))
    site.fetch(tmp_path)
    assert sum(site.asked(f"/{name}") > 0 for name in names) == asked


@pytest.mark.parametrize(
    ("header", "sleeps"),
    [("60", [60]), ("61", []), ("1", [1]), ("0", [1]),
     ("Sun, 22 Nov 2026 03:01:00 GMT", [60]), ("Sun, 22 Nov 2026 03:01:01 GMT", []),
     ("Sun, 22 Nov 2026 02:00:00 GMT", [1]), ("Sun, 22 Nov 2026 03:00:09", [9])],
)  # fmt: skip
def test_so_long_is_waited_for_a_host(
    site: Site, tmp_path: Path, header: str, sleeps: list[float]
) -> None:
    site.routes["/x.pdf"] = in_turn(reply(503, b"", Retry_After=header), document(pdf("x")))
    clock = FakeClock()
    assert codes(site, tmp_path, clock) == ([] if sleeps else ["asked_to_wait"])
    assert clock.sleeps == sleeps


@pytest.mark.parametrize(("delay", "sleeps"), [(0, []), (5, [5, 5]), (60, [60, 60]), (61, None)])
def test_so_long_a_crawl_delay_is_kept(
    site: Site, tmp_path: Path, delay: int, sleeps: list[float] | None
) -> None:
    site.routes["/robots.txt"] = reply(200, f"User-agent: *\nCrawl-delay: {delay}".encode())
    clock = FakeClock()
    assert codes(site, tmp_path, clock) == (["crawl_delay"] if sleeps is None else [])
    assert clock.sleeps == (sleeps or [])


@pytest.mark.parametrize(
    ("status", "open_"),
    [(400, True), (401, True), (403, True), (404, True), (451, True), (499, True),
     (429, False), (500, False), (503, False), (599, False), (301, False)],
)  # fmt: skip
def test_what_a_robots_txt_that_cannot_be_read_allows(
    site: Site, tmp_path: Path, status: int, open_: bool
) -> None:
    site.routes["/robots.txt"] = reply(status)
    site.fetch(tmp_path)
    assert site.asked("/x.pdf") == open_


def interim(count: int, status: int = 103) -> Reply:
    """Answer with interim answers before the one that counts."""

    def answer(handler: Handler) -> None:
        handler.close_connection = True
        handler.wfile.write(f"HTTP/1.1 {status} Wait\r\nA: b\r\n\r\n".encode() * count)
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n" + pdf("x"))

    return answer


@pytest.mark.parametrize(
    ("count", "status", "code"),
    [(20, 103, []), (21, 103, ["broken"]), (1, 100, []), (1, 199, []), (1, 101, ["status"]),
     (1, 99, ["broken"])],
)  # fmt: skip
def test_so_many_interim_answers_are_read_over(
    site: Site, tmp_path: Path, count: int, status: int, code: list[str]
) -> None:
    site.routes["/x.pdf"] = interim(count, status)
    assert codes(site, tmp_path) == code


@pytest.mark.parametrize(("kilobytes", "code"), [(120, []), (140, ["flood"])])
def test_the_head_of_an_answer_may_have_so_many_bytes(
    site: Site, tmp_path: Path, kilobytes: int, code: list[str]
) -> None:
    fields = {f"X-{number}": "x" * 9_990 for number in range(kilobytes // 10)}
    site.routes["/x.pdf"] = reply(200, pdf("x"), **fields)
    assert codes(site, tmp_path) == code
