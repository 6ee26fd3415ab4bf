"""What fetched files say: which changes are none, what kind of page it is, and the limits."""

import time
import zlib
from collections.abc import Iterator

import pytest

from shisaku.ingest.words.look import Ask, Look
from shisaku.ingest.words.page import is_next, lasting, look_at_page
from shisaku.ingest.words.pdf import pdf_digest, plain
from shisaku.ingest.words.reader import GIVE_UP, Reader
from shisaku.ingest.words.worker import look

BODY = "<h1>令和8年度の計画</h1><p>警察庁は施策を推進する。</p><table><tr><td>1<td>2</table>"


def page(body: str = BODY, head: str = "") -> bytes:
    return f"<html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>".encode()


def digest(body: str, head: str = "") -> str:
    found = look_at_page(page(body, head)).digest
    assert found
    return found


# --- pages -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "more",
    [
        "<input type=hidden name=csrf value=1>",
        "<form action=/s><input name=q value=x><button>検索</button></form>",
        "<script nonce=abc>var t = 1;</script>",
        "<!-- made at 03:00:01 -->",
        "<style>p { color: red }</style>",
        "<img src='/counter.cgi?1'>",
        "<p>アクセス数 12,345</p>",
        "<p>アクセスカウンター：００１２３</p>",
        "<div>あなたは 1234 人目の訪問者です。</div>",
        "<p>印刷日時：2026年11月28日 9時30分</p>",
        "<p>現在の日時 2026/11/28 09:30:15</p>",
        "<p>本日は2026年11月28日（土）です。</p>",
        "<p>2026年11月28日（土） 09:30:15 現在</p>",
        "<p>本日：12 昨日：34 累計：5678</p>",
        "<p hidden>token 123</p>",
    ],
)
def test_what_changes_by_itself_is_no_change(more: str) -> None:
    assert digest(BODY + more) == digest(BODY)


@pytest.mark.parametrize(
    "other",
    [
        BODY + "<p>追記</p>",
        BODY.replace("推進", "検討"),
        BODY.replace("<td>2", "<td>3"),
        BODY.replace("<h1>", "<h2>").replace("</h1>", "</h2>"),
        # What looks like a counter but is a statement of the document.
        BODY + "<p>アクセス数は12,345件で、前年より増えた。</p>",
        BODY + "<p>訪問者数 12,345人（令和8年度）</p>",
        BODY + "<table><tr><th>年<th>件数</tr><tr><td>アクセス数<td>12,345</tr></table>",
        BODY + "<p>更新日：2026年11月28日</p>",
        BODY + "<p>施行日 2026年11月28日</p>",
        BODY + "<p>本日、計画を決定した。</p>",
        BODY + "<p>開会 10:00</p>",
        BODY + "<p>2026年11月28日</p>",
    ],
)
def test_any_other_word_is_a_change(other: str) -> None:
    assert digest(other) != digest(BODY)


def test_a_title_is_a_word() -> None:
    assert digest(BODY, "<title>一</title>") != digest(BODY, "<title>二</title>")


def test_a_long_line_is_kept_whatever_it_says() -> None:
    assert lasting("アクセス数 " + "1" * 200) == "アクセス数 " + "1" * 200


MAINTENANCE = "<p>ただいまメンテナンス中です。しばらくお待ちください。</p>"
LONG = "<p>" + "警察庁は、サイバー空間の脅威への対処を推進する。" * 70 + "</p>"
LOGIN = "<form><input name=u><input type=password name=p></form>"


@pytest.mark.parametrize(
    ("body", "head", "sign"),
    [
        (MAINTENANCE, "", "maintenance"),
        ("<h1>システム停止のお知らせ</h1><p>終了は18時の予定です。</p>", "", "maintenance"),
        ("<p>システム停止中</p>", "", "maintenance"),
        ("<p>現在、アクセスが集中しています。</p>", "", "maintenance"),
        ("<p>システムメンテナンス実施中</p>", "", "maintenance"),
        ("<p>メンテナンス作業のため、サービスを休止しています。</p>", "", "maintenance"),
        ("<p>橋のメンテナンスのために要する費用を示す。</p>", "", ""),
        (f"<nav>{'<a href=/x>所管の施策</a>' * 100}</nav>" + MAINTENANCE, "", "maintenance"),
        ("<p>エラーが発生しました。</p>", "", "not_found"),
        ("<p>セッションの有効期限が切れました。</p>", "", "not_found"),
        ("<p>誤りが発生した場合の手順を定める。</p>", "", ""),
        ("<p>Sorry.</p>", "<title>Service Unavailable</title>", "maintenance"),
        (LONG[:900] + "</p>", "<title>メンテナンス中</title>", "maintenance"),
        (LONG, "<title>メンテナンス中</title>", ""),  # too long for a page out of order
        (LONG + MAINTENANCE, "", ""),
        ("<p>道路のメンテナンスに係る計画を策定した。橋の維持に要する費用を示す。</p>", "", ""),
        ("<h1>インフラメンテナンス計画</h1><p>橋を直す。</p>", "", ""),
        ("<h1>情報システムの停止に関する基準</h1><p>停止の手順を定める。</p>", "", ""),
        ("<p>お探しのページは見つかりませんでした。</p>", "", "not_found"),
        ("<p>指定されたページは存在しません。</p>", "", "not_found"),
        ("<p>別のページへ。</p>", "<title>404 Not Found</title>", "not_found"),
        ("<p>行方不明者は見つかりませんでした。</p>", "", ""),
        ("<p>該当する文書はありません。</p>", "", ""),
        (LOGIN, "<title>ログイン</title>", "login"),
        ("<p>利用者</p>" + LOGIN, "", "login"),
        (LONG + LOGIN, "", ""),  # a page with a corner to log in
        ("<p>ログインの方法を定める。</p>", "<title>ログインの手引</title>", ""),
        ("<p>移動します</p>", "<meta http-equiv=refresh content='0; url=/x.html'>", "refresh"),
        ("<p>一覧</p>", "<meta http-equiv=refresh content=300>", ""),  # only reloads
        ("<p>一覧</p>", "<meta http-equiv=refresh content='600; url=/x.html'>", ""),
        (LONG, "<meta http-equiv=refresh content='0; url=/x.html'>", ""),
    ],
)
def test_kinds_of_pages(body: str, head: str, sign: str) -> None:
    assert look_at_page(page(body, head)).sign == sign


@pytest.mark.parametrize(
    ("words", "leads"),
    [
        ("次へ", True), ("次のページ", True), ("次へ>", True), ("›", True), ("»", True),
        ("次の20件", True), ("次の10件へ", True), ("Next", True), ("[次へ]", True), (">>", True),
        ("前へ", False), ("次の施策", False), ("次", False), ("‹", False), ("", False),
        ("次のとおり公表する", False), ("2", False),
    ],
)  # fmt: skip
def test_words_of_links_to_the_next_page(words: str, leads: bool) -> None:
    assert is_next(words) is leads


def test_links_to_the_next_page() -> None:
    links = (
        "<link rel=next href=n1><a href=n2 rel='nofollow next'>x</a><a href=n3>次へ</a>"
        "<a href=n4><img alt=次へ src=x></a><a href=n5>計画</a><a href='#top'>次へ</a>"
    )
    assert look_at_page(page(links)).next == ("n1", "n2", "n3", "n4")


@pytest.mark.parametrize(
    ("charset", "encoding", "expected"),
    [("cp932", "", "cp932"), ("euc_jp", "", "euc_jp"), ("utf-8", "", "utf-8")],
)
def test_the_encoding_of_the_queries(charset: str, encoding: str, expected: str) -> None:
    body = "<p>警察庁は施策を推進する。</p>".encode(charset)
    assert look_at_page(body, encoding).encoding == expected


def test_a_page_in_ascii_is_what_its_header_says() -> None:
    assert look_at_page(b"<p>list</p>", "shift_jis").encoding == "cp932"
    assert look_at_page(b"<p>list</p>").encoding == "utf-8"


# --- PDFs --------------------------------------------------------------------------------------


def pdf(info: bytes = b"", between: bytes = b"", stream: bytes = b"BT (a) Tj ET") -> bytes:
    packed = zlib.compress(stream)
    return (
        b"%PDF-1.7\n" + between + b"1 0 obj\n<< /Title (50% of it) " + info + b" >>\nendobj\n"
        b"2 0 obj\n<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed)
        + packed + b"\nendstream\nendobj\nxref\n0 2\n0000000000 65535 f \n"
        b"0000000%03d 00000 n \ntrailer << /Size 2 /ID [<%02x><00>] >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(info) + len(between), len(between), 100 + len(info) + len(between))
    )  # fmt: skip


XMP = (
    b"3 0 obj\n<< /Type /Metadata /Length 9 >>\nstream\n<x><xmp:ModifyDate>%s</xmp:ModifyDate>"
    b"<dc:title>%s</dc:title></x>\nendstream\nendobj\n"
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (pdf(b"/ModDate (D:20260101000000Z)"), pdf(b"/ModDate (D:20271231235959+09'00')")),
        (pdf(b"/CreationDate <443A>"), pdf(b"/CreationDate <443A32>")),
        (pdf(b"/ModDate (a\\)b)"), pdf(b"/ModDate (c)")),
        (pdf(between=b"% made 1\n"), pdf(between=b"% made 1000 (\n")),
        (pdf(between=XMP % (b"2026", b"t")), pdf(between=XMP % (b"2027-01-01", b"t"))),
        (pdf(), pdf().replace(zlib.compress(b"BT (a) Tj ET"), zlib.compress(b"BT (a) Tj ET", 0))),
    ],
)
def test_what_a_server_stamps_on_a_pdf_is_no_change(one: bytes, other: bytes) -> None:
    assert one != other
    assert pdf_digest(one) == pdf_digest(other)


@pytest.mark.parametrize(
    "other",
    [
        pdf(stream=b"BT (b) Tj ET"),
        pdf().replace(b"50% of it", b"50% of us"),  # no comment: it is in a string
        pdf(b"/Count 2"),
        pdf(b"/Producer (x)"),
        pdf(between=b"4 0 obj\n<< >>\nendobj\n"),
        pdf(between=b"4 0 obj\n<< >>\nstream\nabc\nendstream\nendobj\n"),
    ],
)
def test_any_other_part_of_a_pdf_is_a_change(other: bytes) -> None:
    assert pdf_digest(other) != pdf_digest(pdf())


def test_a_title_in_metadata_is_a_change() -> None:
    one, other = (pdf(between=XMP % (b"2026", title)) for title in (b"t", b"u"))
    assert pdf_digest(one) != pdf_digest(other)


def test_dates_within_object_streams_are_no_change() -> None:
    def packed(date: bytes, title: bytes = b"t") -> bytes:
        objects = b"5 0 6 %d " % (40 + len(date))
        content = objects + b"<< /ModDate (%s) /Title (%s) >> << /A 1 >>" % (date, title)
        data = zlib.compress(content)
        head = b"4 0 obj\n<< /Type /ObjStm /N 2 /First %d /Filter /FlateDecode >>\nstream\n"
        return pdf(between=head % len(objects) + data + b"\nendstream\nendobj\n")

    assert pdf_digest(packed(b"D:2026")) == pdf_digest(packed(b"D:20271231"))
    assert pdf_digest(packed(b"D:2026", b"u")) != pdf_digest(packed(b"D:2026"))


@pytest.mark.parametrize(
    ("data", "left"),
    [
        (b"a % b\nc", b"a c"),
        (b"(a % b) % c", b"(a % b)"),
        (b"(a \\( % b) c", b"(a \\( % b) c"),
        (b"(a (b) % c) d", b"(a (b) % c) d"),
        (b"(a % b", b"(a % b"),
        (b"<< /ID [(a) (b)] /X 1>>", b"<< /X 1>>"),
    ],
)
def test_comments_and_strings(data: bytes, left: bytes) -> None:
    assert plain(data) == left


@pytest.mark.parametrize("unit", [b"(", b"%", b"stream\n", b"/ID [", b"\\(", b" obj", b"D:2026"])
def test_twice_the_file_takes_no_more_than_twice_the_time(unit: bytes) -> None:
    def seconds(count: int) -> float:
        least = []
        for _ in range(3):
            begun = time.process_time()
            pdf_digest(b"%PDF-1.7\n" + unit * count)
            least.append(time.process_time() - begun)
        return min(least)

    seconds(1000)
    short, long = seconds(30_000), seconds(240_000)
    assert long < 0.1 or long / short < 8 * 2.6


# --- the process ---------------------------------------------------------------------------------


@pytest.fixture
def reader() -> Iterator[Reader]:
    found = Reader(seconds=600)  # a busy machine is no failure
    yield found
    found.close()


def test_the_process_says_what_the_functions_say(reader: Reader) -> None:
    assert reader.look(page()) == look_at_page(page()) == look(Ask("html", page()))
    assert reader.look(pdf()) == Look(digest=pdf_digest(pdf()))
    assert reader.look(b"PK\x03\x04") is None and reader.look(b"") is None
    large = page("<p>" + "あ" * 300_000 + "</p>")
    found = reader.look(large)
    assert found and found.characters == 300_000


def test_words_are_compared_and_bytes_where_there_are_none(reader: Reader) -> None:
    one, other = page(BODY + "<!-- 1 -->"), page(BODY + "<!-- 2 -->")
    assert reader.same_words((one, ""), (other, ""))
    assert not reader.same_words((one, ""), (page(BODY + "<p>三</p>"), ""))
    empty, void = page("<!-- 1 -->"), page("<!-- 2 -->")
    assert reader.same_words((empty, ""), (empty, "")) and not reader.same_words(
        (empty, ""), (void, "")
    )


def test_a_file_that_takes_too_long_or_too_much_has_no_words_and_the_next_one_has() -> None:
    slow = Reader(seconds=0.0)
    assert slow.look(page()) is None
    slow.close()
    for number in range(GIVE_UP):
        assert slow.look(page(str(number))) is None
    slow._seconds = 20.0
    assert slow.look(page("<p>後</p>")) is None  # the rest of this source
    slow.renew()
    assert slow.look(page("<p>後</p>")) is not None
    slow.close()
    small = Reader(memory_mb=150)
    try:
        assert small.look(page("<p>" + "<b>あ" * 3_000_000)) is None
        assert small.look(page()) == look_at_page(page())
    finally:
        small.close()
    small.close()
