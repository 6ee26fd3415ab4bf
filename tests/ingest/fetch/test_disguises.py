"""A site that misbehaves in some thirty ways: what is told, what stays, and what is not withdrawn.

Each case is a site on a first and on a second night. On the first night all is well; what the
second brings is in the case. Nothing that stood under raw/ may be gone after it, and nothing may
be marked as withdrawn but what the case names.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from shisaku.ingest.batch.parse import read_raw
from shisaku.ingest.fetch.report import FetchReport
from shisaku.ingest.parsed.sidecar import SIDECAR_SUFFIX, Sidecar, read_sidecar
from tests.support.web import Handler, Reply, Site, html, pdf, reply, serving, stamps, tree

Routes = dict[str, Reply]
LONG = "警察庁は、サイバー空間の脅威への対処に係る施策を推進する。" * 30


def text(body: str, head: str = "", **headers: str) -> Reply:
    page = f"<html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>"
    return reply(200, page.encode(), **headers)


def listing(*links: str, words: str = "") -> Reply:
    return reply(200, html(*links, words=f"<p>報道発表の一覧{words}</p>"))


def counted(make: Callable[[int], bytes]) -> Reply:
    """Give an answer that holds another number each time."""
    numbers = itertools.count(100)

    def answer(handler: Handler) -> None:
        reply(200, make(next(numbers)))(handler)

    return answer


def moving(make: Callable[[int], str]) -> Reply:
    numbers = itertools.count(100)

    def answer(handler: Handler) -> None:
        reply(302, b"", Location=make(next(numbers)))(handler)

    return answer


def document(words: str) -> Callable[[int], bytes]:
    return lambda n: f"<html><meta charset=utf-8><body><p>{words}</p>{n}</body></html>".encode()


def stamped(n: int) -> bytes:
    return b"%%PDF-1.7\n%% made %d\n1 0 obj<</ModDate(D:2026%06d)>>endobj\n%%%%EOF\n" % (n, n)


A, B, P = "/a.pdf", "/b.pdf", "/p.html"
USUAL: Routes = {
    "/index.html": listing("a.pdf", "b.pdf", "p.html", words=LONG),
    A: reply(200, pdf("a")),
    B: reply(200, pdf("b")),
    P: text(f"<h1>計画</h1><p>{LONG}</p>"),
}
ALL: dict[str, Any] = {"include": ("*.pdf", "*/p.html")}


def numbered(*numbers: int) -> list[str]:
    return [f"d{n}.pdf" for n in numbers]


MANY: Routes = {f"/d{n}.pdf": reply(200, pdf(str(n))) for n in range(210)}


@dataclass
class Case:
    """`then` comes in place of the routes of the first night; `told` are codes of problems."""

    name: str
    then: Routes = field(default_factory=dict)
    results: dict[str, int] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    first: Routes = field(default_factory=dict)
    withdrawn: int = 0
    words: str = ""
    """In the lines for people."""
    unwritten: bool = True
    """Whether the second night leaves raw/ as it was."""
    options: dict[str, Any] = field(default_factory=dict)


OUT = "<p>ただいまメンテナンス中です。</p>"
PASSWORD = "<form><input name=u><input type=password name=p></form>"
REFRESH = "<meta http-equiv=refresh content='0; url=/elsewhere.html'>"
FORM = text(PASSWORD, "<title>ログイン</title>")
SOFT = text("<h1>お探しのページは見つかりません</h1>")
STAY = {"unchanged": 2, "failed": 1}
SAME = {"unchanged": 3}
NOTICE = "<p>11月30日はメンテナンスのためシステムを停止します。</p>"

CASES = [
    # --- other bytes, the same words
    Case(
        "a token in a form",
        first={P: counted(lambda n: document(f"計画<input type=hidden value={n}>")(0))},
        results=SAME,
    ),
    Case(
        "a nonce, a comment and a time in a script",
        first={P: counted(lambda n: document(f"計画<!--{n}--><script nonce={n}>{n}</script>")(0))},
        results=SAME,
    ),
    Case(
        "a counter and the time of printing",
        first={
            P: counted(
                lambda n: document(f"計画<p>アクセス数 {n}</p><p>印刷日時：2026年1月1日 {n}</p>")(0)
            )
        },
        results=SAME,
    ),
    Case("a date and a comment in a PDF", first={A: counted(stamped)}, results=SAME),
    Case(
        "a number in the words",
        first={P: counted(lambda n: document(f"第{n}版の計画")(0))},
        results={"unchanged": 2, "changed": 1},
        unwritten=False,
    ),
    # --- other addresses, the same documents
    Case(
        "a session in the path",
        first={f"/s.pdf;jsessionid={n}": reply(200, pdf("s")) for n in (1, 2)}
        | {"/index.html": listing("a.pdf", "s.pdf;jsessionid=1")},
        then={"/index.html": listing("a.pdf", "s.pdf;jsessionid=2")},
        results={"unchanged": 2},
    ),
    Case(
        "a session in the query, in many links of one page",
        first={f"/s.pdf?PHPSESSID={n}": reply(200, pdf("s")) for n in range(4)}
        | {"/index.html": listing("s.pdf?PHPSESSID=0", "s.pdf?PHPSESSID=1")},
        then={"/index.html": listing("s.pdf?PHPSESSID=2", "s.pdf?PHPSESSID=3")},
        results={"unchanged": 1},
    ),
    Case(
        "sid with a short value",
        first={f"/s.pdf?sid={n}": reply(200, pdf("s")) for n in (1, 2)}
        | {"/index.html": listing("a.pdf", "s.pdf?sid=1")},
        then={"/index.html": listing("a.pdf", "s.pdf?sid=2")},
        results={"unchanged": 2},
    ),
    Case(
        "where a reader came from",
        first={"/a.pdf?utm_source=top": reply(200, pdf("a"))},
        then={"/index.html": listing("a.pdf?utm_source=top", "b.pdf", "p.html", words=LONG)},
        results=SAME,
    ),
    Case(
        "a cache buster on a file",
        first={f"/s.pdf?v={n}": reply(200, pdf("s")) for n in (1, 2)}
        | {"/index.html": listing("s.pdf?v=1")},
        then={"/index.html": listing("s.pdf?v=2")},
        results={"unchanged": 1},
    ),
    Case(
        "a cache buster and other words: a new version",
        first={f"/s.pdf?v={n}": reply(200, pdf(f"s{n}")) for n in (1, 2)}
        | {"/index.html": listing("s.pdf?v=1")},
        then={"/index.html": listing("s.pdf?v=2")},
        results={"changed": 1},
        unwritten=False,
    ),
    Case(
        "another number where the address names no file: another document",
        first={f"/get?v={n}": reply(200, pdf(f"s{n}")) for n in (1, 2)}
        | {"/index.html": listing("a.pdf", "b.pdf", "get?v=1")},
        then={"/index.html": listing("a.pdf", "b.pdf", "get?v=2")},
        results={"unchanged": 2, "added": 1, "withdrawn": 1},
        withdrawn=1,
        unwritten=False,
        options={"include": ("*.pdf", "*/get*")},
    ),
    Case(
        "two addresses of one document at a time",
        first={"/s.pdf": reply(200, pdf("s")), "/s.pdf?v=2": reply(200, pdf("s"))}
        | {"/index.html": listing("s.pdf", "s.pdf?v=2")},
        results={"unchanged": 1},
    ),
    Case(
        "two documents whose addresses differ in a number",
        first={f"/s.pdf?v={n}": reply(200, pdf(f"s{n}")) for n in (1, 2)}
        | {"/index.html": listing("s.pdf?v=1", "s.pdf?v=2")},
        results={"unchanged": 2},
    ),
    Case(
        "escapes that need not be",
        first={"/%61.pdf": reply(200, pdf("a"))},
        then={"/index.html": listing("%61.pdf", "./x/../b.pdf?", "p.html", words=LONG)},
        results=SAME,
    ),
    Case(
        "a folder and its index.html",
        first={"/d/": text("計画"), "/d/index.html": text("計画")}
        | {"/index.html": listing("a.pdf", "d/index.html")},
        then={"/index.html": listing("a.pdf", "d/")},
        results={"unchanged": 2},
        options={"include": ("*.pdf", "*/d/*")},
    ),
    Case(
        "a redirect to a session's address",
        first={A: moving(lambda n: f"/to.pdf;jsessionid={n}")}
        | {f"/to.pdf;jsessionid={n}": reply(200, pdf("a")) for n in range(100, 110)},
        results=SAME,
    ),
    Case(
        "a parameter of the site's own",
        first={f"/s.pdf?from={n}": reply(200, pdf(f"s{n}")) for n in (1, 2)}
        | {"/index.html": listing("s.pdf?from=1")},
        then={"/index.html": listing("s.pdf?from=2")},
        results={"changed": 1},
        unwritten=False,
        options=ALL | {"ignore_params": ("from",)},
    ),
    # --- pages that stand in the place of others
    Case(
        "a list out of order",
        then={"/index.html": text(OUT)},
        results={"failed": 1},
        told=["maintenance"],
        words="marked stale",
    ),
    Case("a document out of order", then={P: text(OUT)}, results=STAY, told=["maintenance"]),
    Case(
        "a list with a notice of maintenance",
        then={"/index.html": listing("a.pdf", "b.pdf", "p.html", words=NOTICE + LONG)},
        results=SAME,
    ),
    Case(
        "a document that comes to speak of maintenance",
        then={P: text(f"<h1>計画</h1><p>{LONG}</p><p>橋のメンテナンスを行う。</p>")},
        results={"unchanged": 2, "changed": 1},
        unwritten=False,
    ),
    Case(
        "a list behind a login",
        then={"/index.html": FORM},
        results={"failed": 1},
        told=["login"],
    ),
    Case("a document behind a login", then={P: FORM}, results=STAY, told=["login"]),
    Case(
        "a list that leads elsewhere",
        then={"/index.html": text("移動しました", REFRESH)},
        results={"failed": 1, "unchanged": 3},
        told=["moved_on"],
    ),
    Case("a document that leads elsewhere", then={P: text("", REFRESH + "<p>移動")}, results=STAY,
         told=["moved_on"]),
    Case(
        "a list that is not found, with status 200",
        then={"/index.html": SOFT},
        results={"failed": 1, "unchanged": 3},
        told=["not_found_page"],
    ),
    Case("a document that is not found, with status 200", then={P: SOFT}, results=STAY,
         told=["not_found_page"]),
    Case(
        "a list that lost its words",
        then={"/index.html": text("<p>準備</p>")},
        results={"failed": 1, "unchanged": 3},
        told=["shrunk"],
    ),
    Case("a document that lost its words", then={P: text("<p>概要</p>")}, results=STAY,
         told=["shrunk"]),
    Case(
        "a document that lost four fifths",
        then={P: text(f"<h1>計画</h1><p>{LONG[: len(LONG) // 5]}</p>")},
        results={"unchanged": 2, "changed": 1},
        unwritten=False,
    ),
    # --- withdrawals
    Case(
        "most links gone",
        then={"/index.html": listing("b.pdf", words=LONG)},
        results={"unchanged": 1},
        told=["mass_withdrawal"],
        words="a.pdf",
    ),
    Case(
        "a third of the links gone",
        then={"/index.html": listing("a.pdf", "b.pdf", words=LONG)},
        results={"unchanged": 2, "withdrawn": 1},
        withdrawn=1,
        unwritten=False,
    ),
    Case(
        "an empty list",
        then={"/index.html": listing(words=LONG)},
        told=["mass_withdrawal"],
        words="--allow-withdrawal",
    ),
    Case(
        "most files gone",
        then={A: reply(404), P: reply(410)},
        results={"unchanged": 1},
        told=["mass_withdrawal"],
    ),
    Case(
        "a tenth and twenty",
        first=MANY | {"/index.html": listing(*numbered(*range(200)))},
        then={"/index.html": listing(*numbered(*range(20, 200)))},
        results={"unchanged": 180, "withdrawn": 20},
        withdrawn=20,
        unwritten=False,
    ),
    Case(
        "more than a tenth and more than twenty",
        first=MANY | {"/index.html": listing(*numbered(*range(200)))},
        then={"/index.html": listing(*numbered(*range(21, 200)))},
        results={"unchanged": 179},
        told=["mass_withdrawal"],
    ),
    Case(
        "a tenth of many",
        first=MANY | {"/index.html": listing(*numbered(*range(210)))},
        then={"/index.html": listing(*numbered(*range(21, 210)))},
        results={"unchanged": 189, "withdrawn": 21},
        withdrawn=21,
        unwritten=False,
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def served() -> Any:
    with serving() as found:
        yield found


@pytest.fixture
def site(served: Site) -> Site:
    """The server of all cases, empty again."""
    served.routes.clear()
    served.routes["/robots.txt"] = reply(404)
    served.log.clear()
    return served


def results(report: FetchReport) -> dict[str, int]:
    return {name: count for name, count in report.counts.items() if count}


def told(report: FetchReport) -> list[str]:
    return [code for _, code, _ in report.faults()]


def sidecars(data: Path) -> list[Sidecar]:
    places = [str(path) for path in (data / "raw").rglob(f"*{SIDECAR_SUFFIX}")]
    files = [Path(place.removesuffix(SIDECAR_SUFFIX)) for place in places]
    return [found for found in map(read_sidecar, files) if found]


def withdrawn(data: Path) -> int:
    return sum(found.withdrawn is not None for found in sidecars(data))


def stale(data: Path) -> list[str]:
    return [found.stale.why for found in sidecars(data) if found.stale]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_second_night(site: Site, tmp_path: Path, case: Case) -> None:
    site.routes |= USUAL | case.first
    options = case.options or ALL
    report = site.fetch(tmp_path, **options)
    assert not report.needs_attention, report.lines()
    before, files = stamps(tmp_path / "raw"), tree(tmp_path / "raw")
    site.routes |= case.then
    report = site.fetch(tmp_path, **options)
    assert results(report) == case.results, report.lines()
    assert told(report) == case.told
    assert case.words in "\n".join(report.lines())
    assert withdrawn(tmp_path) == case.withdrawn
    assert files.keys() <= tree(tmp_path / "raw").keys()
    if case.unwritten:
        marked = stale(tmp_path)
        assert marked == (case.told if case.results == STAY else [])
        now = stamps(tmp_path / "raw")
        changed = {name for name in now if now[name] != before[name] and "." in name}
        assert len(changed) == len(marked)
        assert all(name.endswith(SIDECAR_SUFFIX) for name in changed)
        assert not (tmp_path / "versions").exists()
        if marked:
            assert told(site.fetch(tmp_path, **options)) == case.told
            assert stamps(tmp_path / "raw") == now  # marked once
    # The night after that brings nothing new, and what was wrong is right again.
    site.routes |= USUAL | case.first
    if "withdrawn" not in case.results and "mass_withdrawal" not in case.told:
        assert not site.fetch(tmp_path, **options).needs_attention
        assert withdrawn(tmp_path) == 0 and not stale(tmp_path)


def test_thirty_nights_of_tokens_are_one_version(site: Site, tmp_path: Path) -> None:
    numbers = itertools.count()
    links = counted(lambda n: html("a.pdf", f"p.html;jsessionid={n}"))
    site.routes |= {"/index.html": links, A: counted(stamped)}
    for n in range(100, 140):
        token = f"<input type=hidden name=csrf value={next(numbers)}>"
        site.routes[f"/p.html;jsessionid={n}"] = counted(document(f"計画{token}<!--"))
    site.fetch(tmp_path, **ALL)
    before = stamps(tmp_path / "raw")
    for _ in range(29):
        assert results(site.fetch(tmp_path, **ALL)) == {"unchanged": 2}
    assert stamps(tmp_path / "raw") == before and len(before) == 5  # the folder, two files of each
    assert not (tmp_path / "versions").exists()
    state = (tmp_path / "runs" / "fetch-state.json").read_text()
    assert state.count("jsessionid") <= 6  # one night's address, as key, final address and link


def test_what_a_page_is_can_be_accepted_once(site: Site, tmp_path: Path) -> None:
    site.routes |= USUAL
    site.fetch(tmp_path, **ALL)
    site.routes[P] = FORM
    assert told(site.fetch(tmp_path, **ALL)) == ["login"]
    assert results(site.fetch(tmp_path, **ALL, allow_withdrawal=True)) == {
        "unchanged": 2,
        "changed": 1,
    }
    for _ in range(2):
        assert results(site.fetch(tmp_path, **ALL)) == SAME
    (tmp_path / "runs" / "fetch-state.json").unlink()
    assert results(site.fetch(tmp_path, **ALL)) == SAME


def test_a_page_out_of_order_is_never_taken_as_new(site: Site, tmp_path: Path) -> None:
    site.routes |= USUAL | {P: text(OUT)}
    report = site.fetch(tmp_path, **ALL)
    assert results(report) == {"added": 2, "failed": 1} and told(report) == ["maintenance"]
    assert not report.failed[0].stale
    site.routes |= USUAL
    assert results(site.fetch(tmp_path, **ALL)) == {"unchanged": 2, "added": 1}


def test_validators_of_unchanged_words_are_sent_back(site: Site, tmp_path: Path) -> None:
    tags = itertools.count()

    def answer(handler: Handler) -> None:
        n = next(tags)
        reply(200, document(f"計画<!--{n}")(n), ETag=f'"{n}"')(handler)

    site.routes |= USUAL | {P: answer}
    for _ in range(3):
        site.fetch(tmp_path, **ALL)
    sent = [headers.get("if-none-match") for path, headers in site.log if path == P]
    assert sent == [None, '"0"', '"1"']


def test_what_an_earlier_program_stored_twice_is_not_withdrawn(site: Site, tmp_path: Path) -> None:
    """Two tokens of one document, each stored as a document; tonight a third one is linked."""
    for n in (1, 2, 3):
        site.routes[f"/s.pdf?PHPSESSID={n}"] = reply(200, pdf("s"))
    for n in (1, 2):
        site.routes["/index.html"] = listing(f"s.pdf?PHPSESSID={n}")
        other = tmp_path / str(n)
        site.fetch(other, **ALL)
        for path in (other / "raw" / "sho").iterdir():
            target = tmp_path / "raw" / "sho" / path.name.replace("s-", f"s{n}-")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    site.routes["/index.html"] = listing("s.pdf?PHPSESSID=3")
    before = stamps(tmp_path / "raw")
    assert results(site.fetch(tmp_path, **ALL)) == {"unchanged": 1}
    assert stamps(tmp_path / "raw") == before
    # When the words change, one of them is the document, and the other is what it was.
    site.routes["/s.pdf?PHPSESSID=3"] = reply(200, pdf("new"))
    assert results(site.fetch(tmp_path, **ALL)) == {"changed": 1, "withdrawn": 1}


def test_a_new_address_that_cannot_be_asked_for_withdraws_nothing(
    site: Site, tmp_path: Path
) -> None:
    site.routes |= USUAL | {"/a.pdf?v=2": reply(403)}
    site.fetch(tmp_path, **ALL)
    site.routes["/index.html"] = listing("a.pdf?v=2", "b.pdf", "p.html", words=LONG)
    assert results(site.fetch(tmp_path, **ALL)) == STAY
    assert withdrawn(tmp_path) == 0


def test_a_deleted_file_is_not_fetched_under_another_token(site: Site, tmp_path: Path) -> None:
    site.routes |= USUAL | {f"/a.pdf?{n}": reply(200, pdf("a")) for n in ("v=1", "PHPSESSID=1")}
    site.fetch(tmp_path, **ALL)
    [place] = (tmp_path / "raw" / "sho").glob("a.pdf")
    place.unlink()
    for link in ("a.pdf?v=1", "a.pdf?PHPSESSID=1"):
        site.routes["/index.html"] = listing(link, "b.pdf", "p.html", words=LONG)
        assert results(site.fetch(tmp_path, **ALL)) == {"unchanged": 2, "removed": 1}
        assert not place.exists()


# --- lists that go on ----------------------------------------------------------------------------


def pages(count: int, link: Callable[[int], str], *, all_numbers: bool = False) -> Routes:
    """Give a list of `count` pages, each with a document and a link to the next page."""
    found: Routes = {}
    for n in range(1, count + 1):
        following = range(1, count + 1) if all_numbers else [min(n + 1, count)]
        more = "".join(f'<a href="{link(m)}">{m if all_numbers else "次へ"}</a>' for m in following)
        found[link(n)] = text(f'<p>{LONG}</p><a href="/n{n}.pdf">{n}</a>{more}')
        found[f"/n{n}.pdf"] = reply(200, pdf(str(n)))
    return found


LISTS: list[tuple[str, Callable[[int], str], bool]] = [
    ("page=", lambda n: f"/list?page={n}", False),
    ("p= and more", lambda n: f"/list?p={n}&k=1", True),
    ("/page/N/", lambda n: f"/list/page/{n}/", True),
    ("offset=", lambda n: f"/list?offset={n * 20}", False),
    ("names", lambda n: f"/list/{'abcdefghijklmnopqrstuvwxyz'[n]}.html", False),
]


@pytest.mark.parametrize(("name", "link", "numbers"), LISTS, ids=[one[0] for one in LISTS])
def test_a_list_is_followed_without_a_depth(
    site: Site, tmp_path: Path, name: str, link: Callable[[int], str], numbers: bool
) -> None:
    site.routes |= pages(12, link, all_numbers=numbers)
    start: dict[str, Any] = {"pages": (site.url(link(1)),)}
    report = site.fetch(tmp_path, **start)
    assert results(report) == {"added": 12} and not report.needs_attention
    assert results(site.fetch(tmp_path, **start)) == {"unchanged": 12}


@pytest.mark.parametrize("limit", ["list_pages", "max_pages"])
@pytest.mark.parametrize("numbers", [False, True])
def test_a_list_beyond_the_limit_is_told_and_withdraws_nothing(
    site: Site, tmp_path: Path, limit: str, numbers: bool
) -> None:
    site.routes |= pages(41, lambda n: f"/list?page={n}", all_numbers=numbers)
    start: dict[str, Any] = {"pages": (site.url("/list?page=1"),)}
    assert results(site.fetch(tmp_path, **start)) == {"added": 41}
    for _ in range(2):
        report = site.fetch(tmp_path, **(start | {limit: 5}))
        assert results(report) == {"unchanged": 5} and report.needs_attention
        said = "page 6 of 41 was not followed" if numbers else "page 6"
        assert said in "\n".join(report.lines())
        assert told(report) == ["list_goes_on"]
    assert withdrawn(tmp_path) == 0
    assert not site.fetch(tmp_path, **(start | {limit: 41})).needs_attention


def test_a_list_page_that_is_excluded_is_not_followed(site: Site, tmp_path: Path) -> None:
    site.routes |= pages(3, lambda n: f"/list?page={n}")
    start: dict[str, Any] = {"pages": (site.url("/list?page=1"),), "exclude": ("*page=2",)}
    report = site.fetch(tmp_path, **start)
    assert results(report) == {"added": 1} and not report.needs_attention


def test_a_page_of_a_list_that_is_gone_withdraws_nothing(site: Site, tmp_path: Path) -> None:
    site.routes |= pages(3, lambda n: f"/list?page={n}")
    start: dict[str, Any] = {"pages": (site.url("/list?page=1"),)}
    site.fetch(tmp_path, **start)
    site.routes["/list?page=2"] = reply(404)
    assert results(site.fetch(tmp_path, **start)) == {"unchanged": 3}


# --- charsets ------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["header", "meta"])
def test_the_query_of_a_page_in_shift_jis(site: Site, tmp_path: Path, said: str) -> None:
    meta = "<meta charset=Shift_JIS>" if said == "meta" else ""
    body = f"<html><head>{meta}</head><body><p>一覧</p><a href='get?f=資料&n=1'>資料</a></body>"
    kind = "text/html" + ("; charset=Shift_JIS" if said == "header" else "")
    site.routes["/index.html"] = reply(200, body.encode("cp932"), Content_Type=kind)
    site.routes["/get?f=%8E%91%97%BF&n=1"] = reply(200, pdf("x"))
    report = site.fetch(tmp_path, include=("*/get*",))
    assert results(report) == {"added": 1}, report.lines()


def test_a_query_that_was_stored_in_utf_8_stays_the_document(site: Site, tmp_path: Path) -> None:
    body = "<html><head>{}</head><body><p>一覧</p><a href='get?f=資料'>資料</a></body>"
    for query in ("%8E%91%97%BF", "%E8%B3%87%E6%96%99"):
        site.routes[f"/get?f={query}"] = reply(200, pdf("x"))
    site.routes["/index.html"] = reply(200, body.format("<meta charset=utf-8>").encode())
    assert results(site.fetch(tmp_path, include=("*/get*",))) == {"added": 1}
    page = body.format("<meta charset=Shift_JIS>").encode("cp932")
    site.routes["/index.html"] = reply(200, page)
    assert results(site.fetch(tmp_path, include=("*/get*",))) == {"unchanged": 1}
    assert site.asked("/get?f=%8E%91%97%BF") == 1


def test_the_charset_of_the_header_reaches_the_parser(site: Site, tmp_path: Path) -> None:
    # Too few characters to be told by the bytes: half-width katakana, or two kanji of EUC-JP.
    body = b"<html><body><p>" + "施策".encode("euc_jp") + b"</p></body></html>"
    site.routes |= USUAL | {P: reply(200, body, Content_Type='text/html; charset="EUC-JP"')}
    site.fetch(tmp_path, **ALL)
    [place] = (tmp_path / "raw" / "sho").glob("p.html")
    assert read_raw(place).pages[0].blocks[0].text == "施策"
    found = read_sidecar(place)
    assert found and found.charset == "euc-jp"
