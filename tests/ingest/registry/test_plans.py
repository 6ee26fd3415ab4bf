"""Plans, their series and what follows them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shisaku.ingest.registry import registry
from shisaku.ingest.registry.plans import plan_key


@pytest.mark.parametrize(
    ("title", "issued", "plan", "series"),
    [
        ("人身取引対策行動計画2009", None, "人身取引対策行動計画2009", "人身取引対策行動計画"),
        ("⼈⾝取引対策⾏動計画２０１４", None, "人身取引対策行動計画2014", "人身取引対策行動計画"),
        ("人身取引対策行動計画", "2004-12", "人身取引対策行動計画", "人身取引対策行動計画"),
        (
            "第三次児童ポルノ排除総合対策",
            None,
            "第三次児童ポルノ排除総合対策",
            "児童ポルノ排除総合対策",
        ),
        (
            "第３次 児童ポルノ排除総合対策",
            None,
            "第三次児童ポルノ排除総合対策",
            "児童ポルノ排除総合対策",
        ),
        (
            "児童ポルノ排除総合対策",
            "2016-07",
            "第三次児童ポルノ排除総合対策",
            "児童ポルノ排除総合対策",
        ),
        ("第六次環境基本計画（素案）", None, "第六次環境基本計画", "環境基本計画"),
        # never seen
        ("第2次火星移住推進計画", None, "第2次火星移住推進計画", "火星移住推進計画"),
        ("火星移住大綱2040（案）", None, "火星移住大綱2040", "火星移住大綱"),
        ("令和4年度 火星移住推進計画", None, "火星移住推進計画", "火星移住推進計画"),
        (
            "サイバーセキュリティ戦略（概要）",
            None,
            "サイバーセキュリティ戦略",
            "サイバーセキュリティ戦略",
        ),
        ("子ども・子育てビジョン", None, "子ども・子育てビジョン", "少子化社会対策大綱"),
    ],
)
def test_titles_of_plans(title: str, issued: str | None, plan: str, series: str) -> None:
    found = registry().plan_of_title(title, issued)
    assert found is not None
    assert (found.plan, found.series) == (plan, series)


@pytest.mark.parametrize(
    "title",
    [
        "計画",
        "行動計画",
        "歯科疾患管理料に係る管理計画書",  # a form
        "技能実習計画の認定申請",
        "人身取引対策に関する関係省庁連絡会議 開催状況",
        "基本診療料の施設基準等に係る届出書",
        "本計画を推進する。",
        "",
    ],
)
def test_other_titles_are_no_plan(title: str) -> None:
    assert registry().plan_of_title(title) is None


@pytest.mark.parametrize(
    ("title", "plan"),
    [
        ("「人身取引対策行動計画2009」フォローアップ", "人身取引対策行動計画2009"),
        ("第5次男女共同参画基本計画の進捗状況について", "第5次男女共同参画基本計画"),
        ("令和4年度 再犯防止推進計画の実施状況", "再犯防止推進計画"),
        ("「サイバーセキュリティ戦略」に基づく施策の実施状況", "サイバーセキュリティ戦略"),
        ("「世界一安全な日本」創造戦略のフォローアップ", "「世界一安全な日本」創造戦略"),
        ("フォローアップ（人身取引対策行動計画2014）", "人身取引対策行動計画2014"),
        ("ワクチン接種の実施状況", None),
        ("人身取引対策行動計画2009", None),  # the plan itself follows nothing
    ],
)
def test_follow_ups(title: str, plan: str | None) -> None:
    found = registry().followed_plan(title)
    assert (found.plan if found else None) == plan


def test_known_plans_resolve_by_any_spelling() -> None:
    assert registry().resolve_plan("第3次児童ポルノ排除総合対策") == "第三次児童ポルノ排除総合対策"
    assert registry().resolve_plan("人身取引対策行動計画") == "人身取引対策行動計画"
    assert registry().resolve_plan("子どもの性被害防止プラン") == "子供の性被害防止プラン"
    assert registry().resolve_plan("火星移住大綱") is None


@given(st.text(alphabet="第3三次「」『』計画大綱の実施状況フォローアップ（案）2009 "))
def test_any_title_may_be_asked(title: str) -> None:
    for found in (registry().plan_of_title(title), registry().followed_plan(title)):
        assert found is None or (found.plan and found.series)
    assert plan_key(plan_key(title)) == plan_key(title)


def test_a_plan_is_looked_for_in_what_can_be_a_title() -> None:
    long = "「人身取引対策行動計画2009」フォローアップ" + "の実施状況" * 1000
    found = registry().followed_plan(long)
    assert found is not None
    assert found.plan == "人身取引対策行動計画2009"
    assert registry().followed_plan("計" * 500 + long) is None
