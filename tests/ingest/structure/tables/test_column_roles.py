"""What heads a column, and what opens a status paragraph."""

import pytest

from shisaku.ingest.structure.measures.marks import read_mark
from shisaku.ingest.structure.tables.column_roles import role_of

ROLES: list[tuple[str, str | None]] = [
    ("施策名", "measure"), ("施 策 名", "measure"), ("具体的施策", "measure"),
    ("施策の名称", "measure"), ("取組事項", "measure"), ("行動計画の項目", "measure"),
    ("省庁名", "ministry"), ("担当府省庁", "ministry"), ("関係省庁", "ministry"),
    ("所管省庁等", "ministry"), ("担当部局", "ministry"), ("主担当府省庁名", "ministry"),
    ("実施状況", "status"), ("取組状況", "status"), ("進捗状況", "status"),
    ("施策の実施状況（平成23年11月現在）", "status"), ("平成22年度の取組", "status"),
    ("フォローアップ", "status"), ("取組の内容", "status"), ("状況", "status"),
    # Terms that head other tables, and a sentence that begins like a head.
    ("国籍", None), ("人数", None), ("備考", None), ("年度", None), ("", None), ("氏名", None),
    ("電話番号", None),
    ("被害者の保護に関する施策の実施状況について関係省庁が取りまとめた結果は次のとおり", None),
]  # fmt: skip


@pytest.mark.parametrize(("header", "role"), ROLES)
def test_roles(header: str, role: str | None) -> None:
    found = role_of(header)
    assert (found and found.name) == role


# A paragraph as printed, its words, mark, status, whether it is told again.
MARKED = [
    ("◎窓口を設けた。", ("窓口を設けた。", "◎", "done", False)),
    ("○検討する。", ("検討する。", "○", "pending", False)),
    ("〇検討する。", ("検討する。", "〇", "pending", False)),  # the zero that some use as a circle
    ("◯検討する。", ("検討する。", "◯", "pending", False)),  # … and the large circle
    ("◎ 窓口を設けた。", ("窓口を設けた。", "◎", "done", False)),
    ("\u3000◎\u3000窓口を設けた。", ("窓口を設けた。", "◎", "done", False)),
    ("◎（再掲）窓口を設けた。", ("窓口を設けた。", "◎", "done", True)),
    ("◎ (再掲) 窓口を設けた。", ("窓口を設けた。", "◎", "done", True)),
    ("◎【再掲】窓口を設けた。", ("窓口を設けた。", "◎", "done", True)),
    ("（再掲）窓口を設けた。", ("窓口を設けた。", None, None, True)),
    ("●窓口", ("窓口", "●", None, False)),  # a mark that says nothing about the state
    ("・窓口", ("・窓口", None, None, False)),  # a bullet within an item
    ("窓口を設けた（再掲）。", ("窓口を設けた（再掲）。", None, None, False)),
    ("窓口を設けた。", ("窓口を設けた。", None, None, False)),
    ("", ("", None, None, False)),
    ("◎", ("", "◎", "done", False)),
]


@pytest.mark.parametrize(("text", "wanted"), MARKED)
def test_marks(text: str, wanted: tuple[str, str | None, str | None, bool]) -> None:
    found = read_mark(text)
    assert (found.text, found.mark, found.status, found.restated) == wanted


def test_a_mark_after_the_note() -> None:
    found = read_mark("（再掲）◎窓口を設けた。")
    assert (found.text, found.mark, found.restated) == ("窓口を設けた。", "◎", True)
