"""Lists of two levels of which the upper one names the bodies."""

import pytest

from shisaku.ingest.pdf.layout.marks import mark_of
from shisaku.ingest.structure.outline.numbering import parse_label
from tests.support.plans import items, plan

UPPER = ["窓口を広げる", "研修を充実する", "通訳を手配する"]
BODIES = ["警察庁、法務省", "法務省", "外務省"]
LOWER = ["相談員を置く。", "研修を行う。", "通訳を養成する。"]


def made(upper: str, lower: str, count: int = 3) -> list[str]:
    lines = ["# １　防止"]
    for title, bodies, item in list(zip(UPPER, BODIES, LOWER, strict=True))[:count]:
        lines += [upper.format(title, bodies), f"{lower}{item}"]
    return items(plan("\n".join(lines)))


@pytest.mark.parametrize("upper", ["◆　{}〔{}〕", "● {}（{}）", "○{}【担当：{}】"])
@pytest.mark.parametrize("lower", ["－　", "− ", "・", "－ ", "▪"])
def test_the_bodies_hold_for_the_lower_level(upper: str, lower: str) -> None:
    assert made(upper, lower) == [
        f"{title} / {bodies.replace('、', '・')} / {lower}{item}"
        for title, bodies, item in zip(UPPER, BODIES, LOWER, strict=True)
    ]


def test_sentences_with_bodies_are_items() -> None:
    found = made("○　{}。（{}）", "・")
    assert all(each.startswith("防止 / ") for each in found)
    assert len(found) == 6


def test_two_say_nothing() -> None:
    assert all(each.startswith("防止 / ") for each in made("○　{}（{}）", "・", 2))


@pytest.mark.parametrize("dash", "-‐–—−－")
def test_a_dash_before_a_space_opens_an_item(dash: str) -> None:
    label = parse_label(f"{dash}　窓口を設ける。")
    assert label is not None
    assert label.kind == "bullet"
    assert mark_of(f"{dash}　窓口を設ける。") == "bullet"


@pytest.mark.parametrize("dash", "−－")
def test_a_dash_before_a_figure_is_a_sign(dash: str) -> None:
    assert parse_label(f"{dash}３％となった。") is None
    assert mark_of(f"{dash}３％となった。") == ""
