"""Which addresses are one document's: by spelling, by token, or only by their words."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shisaku.ingest.fetch.pages.identity import Identity, is_file, plain
from shisaku.ingest.fetch.pages.pagination import Lists, numbered
from shisaku.ingest.fetch.urls import canonical, matches, suffix_of

HOST = "https://www.example.go.jp"
KEYS = Identity()


def full(link: str) -> str:
    found = canonical(link, HOST + "/x/")
    assert found
    return found


CERTAIN = [
    # RFC 3986, 6.2.2.2: what need not be escaped
    ("a.pdf", "%61.pdf"),
    ("a.pdf", "%61%2Epdf"),
    ("a~b.pdf", "a%7Eb.pdf"),
    ("a-b_c.pdf", "a%2Db%5fc.pdf"),
    # 6.2.2.1: capitals in escapes, host and scheme
    ("%e8%b3%87.pdf", "%E8%B3%87.pdf"),
    ("//WWW.EXAMPLE.GO.JP/a.pdf", "/a.pdf"),
    # 6.2.2.3: dot segments, those that were escaped too
    ("../x/./a.pdf", "a.pdf"),
    ("%2E%2E/x/a.pdf", "a.pdf"),
    # 6.2.3: default ports, an empty path
    ("https://www.example.go.jp:443/a.pdf", "/a.pdf"),
    ("https://www.example.go.jp", "/"),
    ("https://www.example.go.jp./a.pdf", "/a.pdf"),
    ("http://www.example.go.jp/a.pdf", "/a.pdf"),
    ("a.pdf?", "a.pdf"),
    ("a.pdf#page=2", "a.pdf"),
    # sessions
    ("a.pdf;jsessionid=0A1B", "a.pdf"),
    ("a.pdf;JSESSIONID=0A1B.node1?id=3", "a.pdf?id=3"),
    ("d;jsessionid=1/a.pdf", "d/a.pdf"),
    ("a.pdf?PHPSESSID=abc", "a.pdf"),
    ("get?id=3&phpsessid=abc&p=1", "get?id=3&p=1"),
    ("a.asp?ASPSESSIONIDQQ=1", "a.asp"),
    ("get?id=3&sid=0123456789abcdef", "get?id=3&sid=fedcba9876543210"),
    # where a reader came from
    ("a.pdf?utm_source=x&utm_medium=y", "a.pdf"),
    ("get?id=3&fbclid=IwAR0", "get?id=3"),
    # cache busters
    ("get?id=3&_=1700000000123", "get?id=3"),
    ("get?id=3&t=1700000000", "get?id=3&t=1700086400"),
    ("get?id=3&ts=20261128093000", "get?id=3"),
    ("get?id=3&nocache=7", "get?id=3"),
    ("get?id=3&rand=0.7312345", "get?id=3"),
    ("get?id=3&v=20261128093000", "get?id=3"),
]


@pytest.mark.parametrize(("one", "other"), CERTAIN)
def test_addresses_that_are_one_document(one: str, other: str) -> None:
    assert KEYS.certain(full(one)) == KEYS.certain(full(other))
    assert KEYS.likely(full(one)) == KEYS.likely(full(other))


LIKELY = [
    ("a.pdf?v=2", "a.pdf"),
    ("a.pdf?ver=1.2", "a.pdf?ver=1.3"),
    ("get?id=3&sid=7", "get?id=3&sid=8"),
    ("a.html?_=5", "a.html"),
    ("a.html?t=3", "a.html"),
    ("index.html", "./"),
    ("INDEX.HTM", "./"),
    ("d/default.htm", "d/"),
    ("index.html?id=3", "./?id=3"),
    ("get?q=%8E%91", "get?q=%E8%B3%87"),  # 資 in Shift_JIS and in UTF-8
]


@pytest.mark.parametrize(("one", "other"), LIKELY)
def test_addresses_that_are_one_document_if_their_words_are_the_same(one: str, other: str) -> None:
    assert KEYS.certain(full(one)) != KEYS.certain(full(other))
    assert KEYS.likely(full(one)) == KEYS.likely(full(other))


OTHERS = [
    ("a.pdf", "b.pdf"),
    ("a.pdf", "A.pdf"),
    ("a/", "a"),
    ("a.pdf?id=1", "a.pdf?id=2"),
    ("get?year=2020", "get?year=2021"),
    ("a%2Fb.pdf", "a/b.pdf"),  # reserved characters mean another thing escaped (6.2.2.2)
    ("a.pdf?x=a%26b", "a.pdf?x=a&b"),
    ("get?page=1", "get?page=2"),
    ("get?side=1", "get?side=2"),  # begins with sid
    ("get?vol=1", "get?vol=2"),
    ("a;version=1.pdf", "a;version=2.pdf"),
    ("http://www.example.go.jp:8080/a.pdf", "/a.pdf"),
    ("index2.html", "./"),
    ("get?a=1&b=2", "get?b=2&a=1"),  # the order may mean something
]


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_addresses_that_are_two_documents(one: str, other: str) -> None:
    assert KEYS.likely(full(one)) != KEYS.likely(full(other))


@pytest.mark.parametrize(
    ("ignored", "link", "same"),
    [
        (("rev",), "get?id=1&rev=5", True),
        (("REV",), "get?rev=5&id=1", True),
        (("x_*",), "get?id=1&x_from=top", True),
        (("x_*",), "get?id=1&xfrom=top", False),
        (("d=2026*",), "get?id=1&d=20261128", True),
        (("d=2026*",), "get?id=1&d=20251128", False),
        (("ticket",), "get;ticket=5?id=1", True),
        ((), "get?id=1&rubric=5", False),
    ],
)
def test_a_source_ignores_parameters_of_its_own(
    ignored: tuple[str, ...], link: str, same: bool
) -> None:
    keys = Identity(ignored)
    assert (keys.certain(full(link)) == keys.certain(full("get?id=1"))) is same


@given(st.text(alphabet="aA/.%;=&?12EeFf-_~", max_size=40))
def test_the_plain_spelling_is_one(tail: str) -> None:
    url = canonical("/" + tail, HOST)
    if url:
        assert plain(plain(url)) == plain(url)
        assert KEYS.certain(plain(url)) == KEYS.certain(url)


@given(st.lists(st.sampled_from(["id=1", "v=2", "utm_a=1", "jsessionid=3", "q=%41"]), max_size=5))
def test_what_is_left_out_makes_no_difference(parameters: list[str]) -> None:
    url = HOST + "/get?" + "&".join(parameters)
    assert KEYS.certain(url) == KEYS.certain(KEYS.cleaned(url))
    assert KEYS.likely(url) == KEYS.likely(KEYS.cleaned(url))


def test_which_addresses_name_files() -> None:
    assert is_file(full("a.PDF?v=1")) and is_file(full("a.html;jsessionid=1"))
    assert not is_file(full("get?v=1")) and not is_file(full("a.php?v=1"))


def test_parameters_of_a_path_are_no_part_of_its_suffix() -> None:
    assert suffix_of(full("a.pdf;jsessionid=1.node")) == ".pdf"
    assert matches("*.pdf", full("a.pdf;jsessionid=1"))
    assert not matches("*.pdf", full("a.html;x=.pdf"[:-4]))


# --- the encoding of a query ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "encoding", "tail"),
    [
        ("資?q=資", "utf-8", "%E8%B3%87?q=%E8%B3%87"),
        ("資?q=資", "cp932", "%E8%B3%87?q=%8E%91"),  # the path is UTF-8 in any case
        ("資?q=資", "euc_jp", "%E8%B3%87?q=%BB%F1"),
        ("get?q=%8E%91&r=資", "cp932", "get?q=%8E%91&r=%8E%91"),
        ("get?q=資#資", "cp932", "get?q=%8E%91"),
        ("get?q=🎌", "cp932", "get?q=%26%23127884%3B"),
        ("get?q=ソ", "cp932", "get?q=%83%5C"),  # a trail byte that is a backslash
        ("get#?資", "cp932", "get"),
    ],
)
def test_a_query_is_sent_in_the_encoding_of_its_page(link: str, encoding: str, tail: str) -> None:
    assert canonical(link, HOST + "/", encoding) == f"{HOST}/{tail}"


# --- pages of lists ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "base", "number"),
    [
        ("list?page=2", "list", 2),
        ("list?a=1&p=12&b=2", "list?a=1&b=2", 12),
        ("list?offset=40", "list", 40),
        ("list/page/3/", "list/", 3),
        ("list/page/3?x=1", "list/?x=1", 3),
        ("list/page-3.html", "list/", 3),
        ("list?page=next", None, 0),
        ("list?year=2", None, 0),
        ("page.html", None, 0),
        ("homepage/3", None, 0),
    ],
)
def test_numbers_of_pages(link: str, base: str | None, number: int) -> None:
    found = numbered(full(link))
    if base is None:
        assert found is None
    else:
        assert found and (found.base, found.number) == (full(base), number)


@pytest.mark.parametrize(
    ("page", "link", "said", "leads"),
    [
        ("list", "list?page=2", False, True),
        ("list?page=2", "list?page=3", False, True),
        ("list?year=1", "list?year=1&page=2", False, True),
        ("list?year=1", "list?year=2&page=2", False, False),
        ("list", "other?page=2", False, False),
        ("list/", "list/page/2/", False, True),
        ("list/", "list/2.html", False, False),
        ("list/", "list/2.html", True, True),
        ("list/", "/elsewhere/2.html", True, False),
        ("list", "list", True, False),
    ],
)
def test_which_links_lead_on(page: str, link: str, said: bool, leads: bool) -> None:
    lists = Lists(KEYS.certain, 100)
    assert lists.leads_on(full(page), full(link), said) is leads


@pytest.mark.parametrize("order", list(itertools.permutations((2, 3, 41))))
def test_a_list_is_followed_to_its_limit_and_what_is_left_is_told(order: tuple[int, ...]) -> None:
    lists = Lists(KEYS.certain, 3)
    root = full("list")
    taken = {n for n in order if lists.admit(root, full(f"list?page={n}"))}
    assert taken == {2, 3}
    assert not lists.admit(full("list?page=3"), full("list?page=4"))
    assert lists.unread(lambda url: False) == [("4 of 41", root)]
    assert lists.unread(lambda url: True) == []
