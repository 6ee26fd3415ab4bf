"""Made documents for the measuring of speed: as many passages as wanted, the same in every run.

They are written as an ingest would leave them, so that an index over a million passages needs no
million pages to be read. What decides the cost of an index is as it is in the corpus: lengths of
passages and of the headings above them, how many stand in a measure or define a name, and words
that follow Zipf's law: some in every second passage, a long tail of names that hardly return.
"""

import hashlib
import os
import random
import shutil
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path

from shisaku.ingest.model import Document, Measure, Passage, Source
from shisaku.ingest.parsed.ids import measure_key, passage_key, tell_apart
from shisaku.ingest.parsed.store import encode

COMMON = "施策"
"""Stands in the text of every second passage and in no heading."""
WORD = "検挙"
"""Stands in every tenth passage."""
PHRASE = "被害者保護支援"
"""Three words that are frequent each, one after the other in every fiftieth passage."""
RARE = "灯台守"
"""Stands in one of ten thousand passages."""
MINISTRY = "警察庁"

_MINISTRIES = (
    "警察庁", "法務省", "外務省", "厚生労働省", "文部科学省", "国土交通省", "経済産業省",
    "環境省", "農林水産省", "総務省", "財務省", "内閣府", "防衛省", "金融庁", "消費者庁",
    "こども家庭庁", "デジタル庁", "海上保安庁", "出入国在留管理庁", "観光庁",
)  # fmt: skip
_HEADS = (
    "人身", "地域", "環境", "労働", "教育", "医療", "防災", "交通", "食品", "住宅", "国際",
    "情報", "海洋", "農業", "森林", "子育て", "高齢者", "障害者", "消費者", "外国人", "女性",
    "若者", "中小企業", "水道", "道路", "港湾", "空港", "鉄道", "電力", "ガス", "廃棄物",
    "温室効果ガス", "生物多様性", "観光", "文化財", "図書館", "学校", "大学", "病院", "薬物",
    "感染症", "自殺", "虐待", "差別", "個人情報", "サイバー", "人工知能", "半導体", "宇宙",
    "気象", "地震", "津波", "火山", "洪水",
)  # fmt: skip
_NOUNS = (
    "被害者", "保護", "支援", "相談", "調査", "研修", "連携", "整備", "体制", "窓口", "予算",
    "制度", "計画", "基準", "指針", "対象", "状況", "結果", "課題", "検討", "協議", "会議",
    "機関", "団体", "職員", "市町村", "都道府県", "事業者", "利用者", "住民", "資料", "広報",
    "啓発", "教材", "手引き", "訓練", "点検", "監視", "規制", "届出", "許可", "申請", "審査",
    "評価", "公表", "報告", "統計", "データ", "システム", "ネットワーク", "サービス",
    "プログラム", "モデル", "センター", "サーバー", "取組", "取締り", "見守り", "受入れ",
    "立入り", "手続", "人材", "専門家", "委員会", "有識者",
)  # fmt: skip
_VERBS = (
    "実施した", "推進する", "強化した", "検討している", "拡充する", "公表した", "行った",
    "進めている", "取りまとめた", "開始した", "図る", "周知した", "支援した", "見直した",
    "位置付けた", "求めている", "受け入れた", "働きかけた", "整えた", "改正した",
)  # fmt: skip
_FRAMES = (
    "{a}は、{h}に関する{n}の{m}について、{p}と連携し、{k}{v}。",
    "{h}{n}の{m}を目的として、{y}に{p}が{k}{o}を{v}。",
    "{o}のため、{h}{n}及び{m}に係る{k}{q}を全国{d}か所で{v}。",
    "{y}において、{p}の{n}（{h}{m}を含む。）{d}件に対し{k}{o}を{v}。",
    "{p}では、{h}の{n}が{d}人となっており、{k}{m}を{v}。",
    "{h}{n}を踏まえ、{k}{q}の{m}に向けた{o}を{v}。また、{p}における{n}を{w}。",
)
_LISTED = ("{h}{n}の{m}", "{k}{h}の{n}", "{p}の{n}を{v}。", "{h}{q}（{d}件）", "{k}{m}の{o}")
_SOUNDS = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモラリルレロ"
_PLACES = "東西南北上下大小新古山川田野原岡島崎浜沢森林池谷坂橋宮寺城町村石水木花松竹梅桜"
_LISTS = 0.55  # share of short list items: half of the corpus' passages have under 28 characters
_DEFINES = 0.04  # share of passages that define a short name
_ZIPF = 0.6


def _weights(count: int) -> list[float]:
    return list(accumulate(1 / (rank + 1) ** _ZIPF for rank in range(count)))


class Writer:
    """Draws sentences; all that it draws hangs on its seed."""

    def __init__(self, seed: str) -> None:
        self._draw = random.Random(seed)

    def _of(self, words: Sequence[str]) -> str:
        return self._draw.choices(words, cum_weights=_CUMULATED[len(words)])[0]

    def _name(self) -> str:
        """Return a name out of a long tail: of a place, or of a made-up firm."""
        draw = self._draw
        rank = int(draw.paretovariate(0.3))
        fixed = random.Random(min(rank, 10**9))
        if rank % 2:
            return "".join(fixed.choices(_SOUNDS, k=fixed.randint(3, 6)))
        return "".join(fixed.sample(_PLACES, fixed.randint(2, 3))) + fixed.choice("市町村県駅")

    def _fill(self, frame: str) -> str:
        draw = self._draw
        return frame.format(
            a=self._of(_MINISTRIES), h=self._of(_HEADS), n=self._of(_NOUNS), m=self._of(_NOUNS),
            o=self._of(_NOUNS), q=self._of(_NOUNS), v=self._of(_VERBS), w=self._of(_VERBS),
            p=self._name(), y=f"令和{draw.randint(1, 8)}年{draw.randint(1, 12)}月",
            d=draw.randint(2, 4000), k=f"{COMMON}の" if draw.random() < 0.3 else "",
        )  # fmt: skip

    def text(self) -> str:
        """Return the text of a passage."""
        draw = self._draw
        if draw.random() < _LISTS:
            made = self._fill(draw.choice(_LISTED))
        else:
            count = 1 + (draw.random() < 0.5) + (draw.random() < 0.5)
            made = "".join(self._fill(draw.choice(_FRAMES)) for _ in range(count))
        if draw.random() < 0.35 and COMMON not in made:
            made = f"{COMMON}に係る{made}"
        if draw.random() < 0.1:
            made += f"{WORD}件数は{draw.randint(1, 900)}件。"
        if draw.random() < 0.02:
            made += f"{PHRASE}を行う。"
        if draw.random() < 0.0001:
            made += f"{RARE}の会が加わった。"
        if draw.random() < _DEFINES:
            name = self._name()
            made += f"{name}{self._of(_HEADS)}連絡協議会（以下「{name}協議会」という。）を置く。"
        return made

    def heading(self) -> str:
        """Return a heading without its number."""
        head, noun = self._of(_HEADS), self._of(_NOUNS)
        return f"{head}{noun}の{self._of(_NOUNS)}に関する{self._of(_NOUNS)}"

    def ministries(self) -> tuple[str, ...]:
        """Return one to three ministries, some of them far more often than others."""
        count = self._draw.choice((1, 1, 2, 3))
        return tuple(dict.fromkeys(self._of(_MINISTRIES) for _ in range(count)))


_CUMULATED = {len(words): _weights(len(words)) for words in (_MINISTRIES, _HEADS, _NOUNS, _VERBS)}


def document(number: int, passages: int, turn: int = 0) -> Document:
    """Return a made document; another `turn` has other words."""
    key = f"made/{number // 100:04}/{number:06}.pdf"
    writer = Writer(f"{key} {turn}")
    draw = random.Random(f"{key} {turn} frame")
    plan, year = f"{writer.heading()}計画", 2000 + number % 25
    texts = [writer.text() for _ in range(passages)]
    keys = [passage_key(key, text) for text in texts]
    ids = tell_apart(keys, [(str(at),) for at in range(passages)])
    chapter, section = "", ""
    made: list[Passage] = []
    measures: list[Measure] = []
    listed = number % 5 == 0
    for at, (one, text) in enumerate(zip(ids, texts, strict=True)):
        if at % 25 == 0:
            chapter = f"第{at // 25 + 1}章 {writer.heading()}"
        if at % 5 == 0:
            section = f"{at // 5 % 5 + 1} {writer.heading()}"
        path = (chapter, section)
        if listed and at % 4 == 0:
            title = writer.heading()
            label = f"({at // 4 + 1})"
            owners = writer.ministries()
            measure = measure_key(key, label, title)
            measures.append(Measure(measure, label, title, path, owners, page=at // 10 + 1))
        made.append(
            Passage(
                id=one, type="status_item" if listed else "paragraph", text=text, path=path,
                measure=measures[-1].id if listed else None,
                ministries=measures[-1].ministries if listed
                else writer.ministries() if at % 3 == 0 else (),
                status=draw.choice(("done", "done", "pending")) if listed else None,
                page=at // 10 + 1, page_end=at // 10 + 1,
            )
        )  # fmt: skip
    return Document(
        id=key,
        sha256=hashlib.sha256(f"{key} {turn}".encode()).hexdigest(),
        sources=(Source(f"raw/{key}"),),
        title=f"{plan}（{year}年）",
        kind="follow_up" if listed else draw.choice(("report", "notice", "plan")),
        plan=plan,
        plan_series=f"{writer.heading()}計画",
        publisher=draw.choice(_MINISTRIES),
        issued=f"{year}-{1 + number % 12:02}-01",
        year=year,
        fiscal_year=year,
        pages=passages // 10 + 1,
        measures=tuple(measures),
        passages=tuple(made),
    )


def write(data: Path, documents: Iterator[Document] | Sequence[Document]) -> None:
    """Write documents under `data`/parsed."""
    for each in documents:
        path = data / "parsed" / f"{each.id}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.part")
        beside.write_bytes(encode(each))  # no fsync: it can be made again
        os.replace(beside, path)  # noqa: PTH105 - a path's own replace is the same


def made(folder: Path, passages: int, each: int) -> Path:
    """Return a data directory of so many passages, `each` in one document; made once."""
    data = folder / f"{passages}-{each}"
    done = data / "made"
    if not done.exists():
        shutil.rmtree(data, ignore_errors=True)
        write(data, (document(number, each) for number in range(passages // each)))
        done.touch()
    return data
