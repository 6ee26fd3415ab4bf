"""Who acts by the words of a passage; precise over complete."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shisaku.ingest.registry import registry
from shisaku.ingest.registry.ministries import bodies
from tests.support.corpus import seed


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("入国管理局では、合同摘発等を通じて情報交換に努めている。", "入国管理局"),
        (
            "警察庁、法務省及び厚生労働省において、協議会を実施している。",
            "警察庁 法務省 厚生労働省",
        ),
        ("警察庁及び都道府県警察では、取締りを推進した。", "警察庁 都道府県警察"),
        ("法務省、外務省は、協定を締結した。", "法務省 外務省"),
        ("厚生労働省と法務省が連携し、研修を行う。", "厚生労働省 法務省"),
        ("警察では、実態把握に努めている。", "警察庁"),
        ("検察では、厳正な科刑の実現に努めている。", "検察庁"),
        ("法務省の人権擁護機関では、相談に応じている。", "法務省"),
        ("外務本省では、会合を開催した。", "外務省"),
        ("法務省入国管理局では、審査を行う。", "入国管理局"),
        ("警察庁生活安全局では、通達を発した。", "生活安全局"),
        ("法務省（入国管理局）では、審査を行う。", "法務省"),
        ("⽂部科学省では、指導する。", "文部科学省"),
        ("平成23年、内閣府では、周知した。", "内閣府"),
        # not the one who acts
        ("警察庁に対し、情報を提供した。", ""),
        ("厚生労働省と連携し、パンフレットを作成した。", ""),
        ("警察庁作成のリーフレットを配布した。", ""),
        ("警察庁のウェブサイトにおいて、掲載する。", ""),
        ("外務省では、警察庁が作成したリーフレットを配布した。", "外務省"),
        ("外務省では、警察庁主催の会議に参加した。", "外務省"),
        ("警察や法務省から外務省に協力要請があった場合、対応する。", ""),
        ("地方入国管理局では、通訳を配置した。", ""),  # a local office
        ("外国の警察では、別の扱いをする。", ""),  # somebody else's police
        ("県警察では、窓口を設けた。", ""),
        ("法務省ではない。", ""),
        ("厚生労働省がん対策推進室の資料", ""),
        ("警察庁はじめ関係機関と協力する。", ""),
        ("婦人相談所では、被害女性を保護した。", ""),  # no agency of the state
        ("連絡会議において、申し合わせた。", ""),
        ("", ""),
    ],
)
def test_actors(text: str, names: str) -> None:
    assert registry().actors(text) == tuple(names.split())


@given(st.text(alphabet="警察庁法務省入国管理局では、がは等（）及び。\nX"))
def test_actors_are_known_and_named_once(text: str) -> None:
    found = registry().actors(text)
    assert len(set(found)) == len(found)
    assert all(name in bodies().by_name for name in found)


def test_items_of_the_real_follow_up_that_open_with_a_ministry_name_it() -> None:
    gold = json.loads(
        seed("gold/jinshin-torihiki-followup-2011-11.json").read_text(encoding="utf-8")
    )
    items = [
        item["text"]
        for measure in gold["measures"]
        for row in measure["rows"]
        for item in row["items"]
    ]
    named = [actors for text in items if (actors := registry().actors(text))]
    # Counted by eye: 102 of 211 items say who acts; the others imply it or name an office.
    assert (len(items), len(named)) == (211, 102)
    assert sum("入国管理局" in actors for actors in named) == 37
