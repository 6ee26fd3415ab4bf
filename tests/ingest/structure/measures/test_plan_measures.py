"""Measures of plans in running text: told by the ministries that end their paragraphs."""

import pytest

from shisaku.ingest.model import Block, Document
from shisaku.ingest.structure.measures.plan_measures import own_ministries
from tests.support.setting import block, document

TITLE = block("人身取引対策行動計画2014", size=18)
DEED = "被害者を早く見つけるため、各地の窓口に相談員を置き、通訳を手配する。"


def head(text: str) -> Block:
    return block(text, bold=True)


def plan(*blocks: Block, title: Block = TITLE) -> Document:
    return document([title, *blocks])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (f"{DEED}（警察庁、法務省）", ("警察庁", "法務省")),
        (f"{DEED}(警察庁、法務省等)", ("警察庁", "法務省")),
        (f"{DEED[:-1]}（警察庁）。", ("警察庁",)),
        (f"【警察庁】{DEED}", ("警察庁",)),
        (f"{DEED[:-1]}（警察庁、法務省等）。引き続き検討する。", ("警察庁", "法務省")),
        (f"{DEED}（警察庁）{DEED}（法務省）なお、見直す。", ("警察庁", "法務省")),
        (f"警察庁、法務省：{DEED}", ("警察庁", "法務省")),
        (f"○　警察庁：{DEED}", ("警察庁",)),
        ("担当：警察庁、法務省", ("警察庁", "法務省")),
        ("担当府省庁：警察庁", ("警察庁",)),
        ("担当：山田", None),
        (f"参考：{DEED}", None),
        (f"{DEED}（再掲）", None),
        (f"警察庁は、{DEED}", None),  # acts, but nobody says it is responsible
        (f"{DEED}（警察庁が定める場合に限る）", None),
    ],
)
def test_the_ministries_of_a_paragraph(text: str, names: tuple[str, ...] | None) -> None:
    found = own_ministries(text)
    assert (found.names if found else None) == names


def test_a_list_holds_for_the_paragraphs_above_it_and_after_the_last() -> None:
    texts = [DEED, f"{DEED}（警察庁）", DEED, f"{DEED}（法務省）", DEED]
    made = plan(head("１　防止"), head("① 窓口"), *map(block, texts))
    assert [passage.ministries for passage in made.passages] == [
        ("警察庁",), ("警察庁",), ("法務省",), ("法務省",), ("法務省",),
    ]  # fmt: skip


PLAN = [
    head("１　防止"), head("① 窓口"), block(f"{DEED}（警察庁、法務省）"),
    head("② 研修"), block(DEED), block(f"{DEED}（外務省等）"),
    head("２　保護"), head("① 通訳"), block(f"{DEED}（法務省）"),
]  # fmt: skip


def test_measures_with_their_paths_and_ministries() -> None:
    made = plan(*PLAN)
    assert made.kind == "plan"
    assert [(m.label, m.title, m.path, m.ministries, m.and_others) for m in made.measures] == [
        ("①", "窓口", ("１\u3000防止",), ("警察庁", "法務省"), False),
        ("②", "研修", ("１\u3000防止",), ("外務省",), True),
        ("①", "通訳", ("２\u3000保護",), ("法務省",), False),
    ]


def test_a_paragraph_knows_its_measure_and_not_its_title_in_the_path() -> None:
    made = plan(*PLAN)
    first = made.passages[0]
    assert first.measure == made.measures[0].id
    assert first.path == ("１\u3000防止",)
    assert first.ministries == ("警察庁", "法務省")
    assert [p.ministries for p in made.passages[1:3]] == [("外務省",), ("外務省",)]


def test_a_measure_whose_ministries_go_without_saying_is_a_measure() -> None:
    made = plan(*PLAN, head("② 帰国"), block(DEED))
    assert [measure.title for measure in made.measures] == ["窓口", "研修", "通訳", "帰国"]
    assert made.measures[-1].ministries == ()


def test_headings_above_measures_are_sections() -> None:
    assert [section.title for section in plan(*PLAN).sections] == ["防止", "保護"]


def test_text_before_the_measures_belongs_to_none() -> None:
    made = plan(head("はじめに"), block(DEED * 2), *PLAN)
    assert made.passages[0].measure is None


def test_a_report_that_names_ministries_twice_is_no_plan() -> None:
    made = plan(*PLAN[:3], block(DEED), title=block("人身取引年次報告書", size=18))
    assert made.measures == ()


def test_a_report_set_like_a_plan_has_measures() -> None:
    made = plan(*PLAN, title=block("人身取引年次報告書", size=18))
    assert len(made.measures) == 3


def test_ministries_in_the_heading_itself() -> None:
    made = plan(
        head("１　防止"), head("① 窓口（警察庁）"), block(DEED), head("② 研修（法務省）"),
        block(DEED),
    )  # fmt: skip
    assert [measure.ministries for measure in made.measures] == [("警察庁",), ("法務省",)]
