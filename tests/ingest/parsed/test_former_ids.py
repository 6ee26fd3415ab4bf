"""Former ids: where the words of ids stand that a new reading of a document does not give."""

import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shisaku.ingest.parsed import former_ids
from shisaku.ingest.parsed.former_ids import lookup, record
from shisaku.ingest.parsed.ids import measure_key, passage_key
from tests.support.typed import answer, run

DOCUMENT = "省/計画.pdf"
ONE = "警察庁は、人身取引の被害者を適切に保護するため、関係機関との連携を強化する。"
TWO = "出入国在留管理庁は、被害者に対して在留資格を付与し、その法的地位の安定を図る。"
THREE = "外務省は、国際移住機関を通じて、被害者の安全な帰国と社会復帰を支援している。"


def parsed(*texts: str, titles: tuple[str, ...] = ()) -> bytes:
    """Return a parsed document of these texts, each of the measure of the title beside it."""
    measures = [measure_key(DOCUMENT, "", title) for title in titles]
    passages = [
        {"id": passage_key(DOCUMENT, text), "text": text}
        | ({"measure": measures[at]} if at < len(measures) else {})
        for at, text in enumerate(texts)
    ]
    found = {"id": DOCUMENT, "passages": passages}
    return json.dumps(
        found | {"measures": [{"id": key} for key in dict.fromkeys(measures)]}
    ).encode()


def ids(*texts: str) -> list[str]:
    return [passage_key(DOCUMENT, text) for text in texts]


@pytest.mark.parametrize(
    ("before", "after", "asked", "now"),
    [
        ([ONE, TWO], [ONE + TWO], ONE, [ONE + TWO]),  # joined
        ([ONE, TWO], [ONE + TWO], TWO, [ONE + TWO]),
        ([ONE + TWO], [ONE, TWO], ONE + TWO, [ONE, TWO]),  # divided
        ([ONE + TWO + THREE], [THREE, ONE, TWO], ONE + TWO + THREE, [THREE, ONE, TWO]),
        (["（1）" + ONE], [ONE], "（1）" + ONE, [ONE]),  # the label became a field of its own
        ([ONE], ["・ " + ONE], ONE, ["・ " + ONE]),
        ([ONE, TWO], [TWO], ONE, []),  # gone
        (
            [ONE],
            [ONE.replace("保護", "支援").replace("強化", "推進").replace("警察庁", "法務省")],
            ONE,
            [],
        ),
        (["第1回"], ["第1回会議"], "第1回", []),  # too short to be looked for inside of others
    ],
)
def test_the_words_of_an_id_that_is_gone(
    tmp_path: Path, before: list[str], after: list[str], asked: str, now: list[str]
) -> None:
    record(tmp_path, DOCUMENT, parsed(*before), parsed(*after))
    assert lookup(tmp_path, passage_key(DOCUMENT, asked)) == ids(*now)


def test_an_id_that_is_kept_is_not_noted(tmp_path: Path) -> None:
    record(tmp_path, DOCUMENT, parsed(ONE, TWO), parsed(TWO, ONE, THREE))
    assert not (tmp_path / "history").exists()


def test_an_old_id_is_found_over_several_readings(tmp_path: Path) -> None:
    readings = [
        parsed(ONE, TWO),
        parsed(ONE + TWO),
        parsed(ONE + TWO + THREE),
        parsed(ONE, TWO + THREE),
    ]
    for old, new in itertools.pairwise(readings):
        record(tmp_path, DOCUMENT, old, new)
    assert lookup(tmp_path, ids(ONE)[0]) == []  # it lives again
    assert lookup(tmp_path, ids(TWO)[0]) == ids(ONE, TWO + THREE)
    assert lookup(tmp_path, ids(ONE + TWO)[0]) == ids(ONE, TWO + THREE)


def test_a_measure_has_moved_where_its_words_have(tmp_path: Path) -> None:
    before = parsed(ONE, TWO, titles=("（保護）", "（保護）"))
    after = parsed(ONE, TWO, titles=("保護の推進", "在留資格"))
    record(tmp_path, DOCUMENT, before, after)
    moved = [measure_key(DOCUMENT, "", title) for title in ("保護の推進", "在留資格")]
    assert lookup(tmp_path, measure_key(DOCUMENT, "", "（保護）")) == moved


def test_equal_rows_have_successors_in_their_order(tmp_path: Path) -> None:
    old = [f"{DOCUMENT}#p-{number}" for number in range(3)]
    new = [f"{DOCUMENT}#p-{number}" for number in range(10, 13)]

    def rows(keys: list[str], text: str) -> bytes:
        return json.dumps({"passages": [{"id": key, "text": text} for key in keys]}).encode()

    record(tmp_path, DOCUMENT, rows(old, ONE), rows(new, "○" + ONE))
    assert [lookup(tmp_path, key) for key in old] == [[key] for key in new]


@pytest.mark.parametrize(("runs", "found"), [(7, True), (6, False)])
def test_most_of_the_words_must_be_found(tmp_path: Path, runs: int, found: bool) -> None:
    """Ten runs of twelve characters begin in 66; so many of them are in the new passage."""
    old = "".join(chr(0x4E00 + at) for at in range(12 + 6 * 9))
    new = old[: 12 + 6 * (runs - 1)] + "ほかの言葉"
    record(tmp_path, DOCUMENT, parsed(old), parsed(new))
    assert bool(lookup(tmp_path, ids(old)[0])) is found


def test_so_many_former_ids_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(former_ids, "_MOVED", 2)
    record(tmp_path, DOCUMENT, parsed(ONE, TWO, THREE), parsed(ONE + TWO + THREE))
    kept = [text for text in (ONE, TWO, THREE) if lookup(tmp_path, ids(text)[0])]
    assert kept == [TWO, THREE]


@given(
    st.lists(st.text("あいうえお", min_size=30, max_size=60), min_size=1, max_size=6, unique=True),
    st.data(),
)
def test_what_is_joined_is_found(texts: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(texts) - 1))
    after = [*texts[:at], "".join(texts[at:])]
    before = former_ids._Parsed(
        tuple(former_ids._Passage(passage_key("a", text), text) for text in texts)
    )
    now = former_ids._Parsed(
        tuple(former_ids._Passage(passage_key("a", text), text) for text in after)
    )
    moved = former_ids.successors(before, now)
    whole = passage_key("a", after[-1])
    gone = {passage_key("a", text) for text in texts} - {passage_key("a", text) for text in after}
    assert moved == {key.partition("#")[2]: (whole.partition("#")[2],) for key in gone}


@pytest.mark.parametrize("damaged", [b"", b"{", b"[]", b'{"passages": 1}'])
def test_a_damaged_file_is_no_reason_to_stop(tmp_path: Path, damaged: bytes) -> None:
    record(tmp_path, DOCUMENT, damaged, parsed(ONE))
    record(tmp_path, DOCUMENT, parsed(ONE, TWO), parsed(ONE + TWO))
    (path,) = (tmp_path / "history/ids").rglob("*.json")
    path.write_bytes(damaged)
    assert lookup(tmp_path, ids(ONE)[0]) == []


def test_show_finds_the_words_of_a_former_id(tmp_path: Path) -> None:
    page = tmp_path / "raw/a.html"
    page.parent.mkdir()
    page.write_text(f"<meta charset=utf-8><h1>計画</h1><p>{ONE}<p>{TWO}", encoding="utf-8")
    assert run("update", "--data", tmp_path).exit_code == 0
    old = passage_key("a.html", ONE)
    assert "moved" not in answer("show", old, "--json", "--data", tmp_path)
    page.write_text(f"<meta charset=utf-8><h1>計画</h1><p>{ONE}{TWO}", encoding="utf-8")
    assert run("update", "--data", tmp_path).exit_code == 0
    found = answer("show", old, "--json", "--data", tmp_path)
    assert found["passage"]["text"] == ONE + TWO
    assert found["moved"] == [passage_key("a.html", ONE + TWO)]
    assert found["moved"][0] in run("show", old, "--data", tmp_path).stdout.splitlines()[0]


def test_a_place_that_cannot_be_written_is_told_and_the_document_is_read(tmp_path: Path) -> None:
    page = tmp_path / "raw/a.html"
    page.parent.mkdir()
    page.write_text(f"<meta charset=utf-8><p>{ONE}<p>{TWO}", encoding="utf-8")
    assert run("update", "--data", tmp_path).exit_code == 0
    (tmp_path / "history/ids/a.html.json").mkdir(parents=True)
    (tmp_path / "history/ids/a.html.json/x").touch()
    page.write_text(f"<meta charset=utf-8><p>{ONE}{TWO}", encoding="utf-8")
    done = run("update", "--data", tmp_path)
    assert "history/ids/a.html" in done.stdout + done.stderr
    assert answer("search", "在留資格", "--json", "--data", tmp_path)["total"] == 1
