"""Builders of documents and passages for tests; the sentences are invented."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from shisaku.ingest.model import Box, ColumnText, Document, Measure, Passage, Problem, Source


def passage(key: str, text: str, **fields: Any) -> Passage:
    fields.setdefault("type", "paragraph")
    return Passage(id=key, text=text, **fields)


def document(key: str, passages: Sequence[Passage] = (), **fields: Any) -> Document:
    fields.setdefault("title", "無題")
    fields.setdefault("sha256", hashlib.sha256(key.encode()).hexdigest())
    fields.setdefault("sources", (Source(f"raw/{key}", f"https://example.go.jp/{key}"),))
    fields.setdefault("pages", max((p.page_end for p in passages), default=0))
    return Document(id=key, passages=tuple(passages), **fields)


def write_parsed(data: Path, *documents: Document) -> None:
    for each in documents:
        path = data / "parsed" / f"{each.id}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(msgspec.json.encode(each))


def follow_up() -> Document:
    """A follow-up with two measures: four status items, one of them restated, and a footnote."""
    prevention = ("II. 総合的な対策", "1. 人身取引の防止")
    measures = (
        Measure("fu.m1", "①", "空港での見張りの強化", prevention, ("法務省", "警察庁"), page=2),
        Measure("fu.m2", "②", "被害者の受入れ", ("II. 総合的な対策", "2. 保護"), ("厚生労働省",)),
    )
    common: dict[str, Any] = {"type": "status_item", "page": 2, "page_end": 2}
    first = common | {"measure": "fu.m1", "path": prevention}
    second = common | {"measure": "fu.m2", "path": measures[1].path, "page": 3, "page_end": 3}
    return document(
        "jinshin/followup.pdf",
        (
            passage(
                "fu.1",
                "警察では、人身取引の疑いがある者を空港で見つけるため、署員を置いた。",
                mark="◎",
                status="done",
                ministries=("法務省", "警察庁"),
                actors=("警察庁",),
                **first,
            ),
            passage(
                "fu.2",
                "入国管理局では、偽造した旅券を見抜く機器を増やしている。",
                mark="○",
                status="pending",
                ministries=("法務省", "警察庁"),
                actors=("入国管理局",),
                **first,
            ),
            passage(
                "fu.3",
                "婦人相談所において、被害者を受け入れた。",
                mark="◎",
                status="done",
                ministries=("厚生労働省",),
                **second,
            ),
            passage(
                "fu.4",
                "警察では、人身取引の疑いがある者を空港で見つけるため、署員を置いた。",
                mark="◎",
                status="done",
                restated=True,
                ministries=("厚生労働省",),
                actors=("警察庁",),
                **second,
            ),
            passage(
                "fu.5",
                "件数は暦年による。",
                type="footnote",
                page=3,
                page_end=3,
                boxes=(Box(3, 72.0, 700.0, 240.5, 711.0),),
            ),
        ),
        title="「人身取引対策行動計画2009」フォローアップ",
        kind="follow_up",
        plan="人身取引対策行動計画2009",
        plan_series="人身取引対策行動計画",
        publisher="内閣官房",
        issued="2011-11",
        measures=measures,
    )


def plan() -> Document:
    """A plan of another year, with a measure in paragraphs and a heading with nothing beneath."""
    path = ("第1章 基本方針", "1 学校での啓発")
    measures = (Measure("plan.m1", "①", "教材の配布", path, ("文部科学省",), True, 1, 1),)
    return document(
        "plans/kodomo.pdf",
        (
            passage(
                "plan.1",
                "東京都の学校にサーバを置き、ＩＣＴを使う教材を配る。",
                measure="plan.m1",
                path=path,
                ministries=("文部科学省",),
                and_others=True,
            ),
            passage("plan.2", "第2章 今後の課題", type="heading", path=("第2章 今後の課題",)),
            passage(
                "plan.3",
                "京都で会議を開き、policy making の手法を学ぶ。",
                path=path,
                ministries=("全関係省庁",),
                page=2,
                page_end=2,
            ),
        ),
        title="第三次子供の安全対策",
        kind="plan",
        plan="第三次子供の安全対策",
        plan_series="子供の安全対策",
        publisher="こども家庭庁",
        issued="2016-07-26",
        fiscal_year=2016,
        measures=measures,
        ledger={
            "visible": 130, "passages": 90, "headings": 21, "contents": 12, "page_number": 4,
            "lost": 3, "invented": 0, "repeated": 1,
        },
        contents={"entries": 4, "in_body": 3, "matched": 2},
    )  # fmt: skip


def meetings() -> Document:
    """A meeting record whose entries have dates of their own, and a table row."""
    return document(
        "kaisai.html",
        (
            passage(
                "kai.1", "第1回 平成23年6月3日 議題 人身取引対策", type="meeting", date="2011-06-03"
            ),
            passage(
                "kai.2", "第2回 平成26年12月1日 議題 年次報告", type="meeting", date="2014-12-01"
            ),
            passage(
                "kai.3",
                "大阪 | 3件",
                type="row",
                cells=(ColumnText("場所", "大阪"), ColumnText("件数", "3件")),
                ministries=("警察庁",),
            ),
        ),
        sources=(Source("raw/kaisai.html"), Source("raw/sub/copy.html")),
        title="連絡会議の開催状況",
        kind="meeting_record",
        publisher="内閣官房",
        year=2014,
    )


def shared_measure() -> Document:
    """A measure with two rows, each of its own ministry."""
    place: dict[str, Any] = {"measure": "s.m1", "path": ("I. 見張り",), "type": "status_item"}
    return document(
        "shared.html",
        (
            passage("s.1", "署を置いた。", mark="◎", ministries=("警察庁",), **place),
            passage("s.2", "旅券を見た。", mark="○", ministries=("法務省",), and_others=True,
                    actors=("入国管理局",), **place),
            passage("s.3", "第1行\n第2行", mark="◎", **place),
        ),
        measures=(Measure("s.m1", "③", "見張りの強化", ("I. 見張り",), ("警察庁", "法務省")),),
    )  # fmt: skip


def broken() -> Document:
    """A file that could not be read: a problem and no passages."""
    return document(
        "scan.pdf",
        title="scan",
        problems=(Problem("no_text", "The file has no text layer.", "Run OCR on it."),),
    )


def corpus() -> tuple[Document, ...]:
    return follow_up(), plan(), meetings(), broken()


def with_text(original: Document, key: str, text: str) -> Document:
    """Give the document with other words in one passage."""
    return replace(
        original,
        passages=tuple(replace(p, text=text) if p.id == key else p for p in original.passages),
    )
