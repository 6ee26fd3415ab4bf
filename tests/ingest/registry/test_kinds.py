"""Kinds, read off the title pages of the corpus by eye; texts are the first printed lines."""

import pytest

from shisaku.ingest.registry import registry

_LETTERHEAD = [
    "写",
    "保 医 発 07 2 9 第４号",
    "平 成 28 年 ７ 月 2 9日",
    "厚生労働省保険局医療課長",
    "（ 公 印  省 略 ）",
]
_LAW = [
    "（平成十一年六月二十三日法律第七十八号）",
    "第一章　総則（第一条―第十二条）",
    "第一条　この法律は、",
]


@pytest.mark.parametrize(
    ("kind", "title", "texts"),
    [
        # the five documents that the project is about
        ("follow_up", "「人身取引対策行動計画2009」フォローアップ", ["平成23年11月"]),
        ("plan", "第三次児童ポルノ排除総合対策", ["平成 28 年 7 月", "犯罪対策閣僚会議"]),
        ("evaluation_sheet", "平成30年度シート", ["拠出金名", "総合評価"]),
        ("brochure", "出入国在留管理庁 2023", ["世界をつなぐ。 未来をつくる。"]),
        (
            "brochure",
            "出入国在留管理庁",
            ["出入国在留管理庁", "Immigration Services Agency", "2023"],
        ),
        ("meeting_record", "人身取引対策に関する関係省庁連絡会議 開催状況", ["開 催 状 況"]),
        # reports
        ("report", "令和4年版少子化社会対策白書全体版（PDF版）", ["３ 婚姻・出産の状況"]),
        ("report", "文科省_令和6年版_科学技術・イノベーション白書_2章", ["第２章 我が国における"]),
        ("report", "1_2_1", ["第1章 国際情勢認識と日本外交の展望"]),  # a white paper's chapter
        ("report", "我が国における研究開発の歩み", ["前章で見てきたような急速な進展"]),
        (
            "report",
            "AI システムにおけるデータ利用の特性と取扱い上の留意点",
            ["政府 CIO 補佐官等ディスカッションペーパー"],
        ),
        (
            "report",
            "メタデータルールと利用イメージの検討",
            ["政府 CIO 補佐官等ディスカッションペーパー"],
        ),
        ("report", "ディスカッションペーパー | 政府CIOポータル", []),
        # plans
        ("plan", "第六次環境基本計画（素案）", []),
        ("plan", "再犯防止推進計画", []),
        # laws
        ("law", "男女共同参画社会基本法", _LAW),
        ("law", "自殺対策基本法", _LAW),
        ("law", "麻薬及び向精神薬取締法", ["（昭和二十八年三月十七日法律第十四号）"]),
        ("law", "法務省組織令", ["（平成十二年六月七日政令第二百四十八号）最終改正：平成二四年"]),
        ("law", "内閣府本府組織令", ["（平成十二年六月七日政令第二百四十五号）"]),
        (
            "law",
            "埼玉県選挙管理委員会の情報公開の総合的な推進に関する要綱",
            ["（目的）", "第１条 この要綱は、"],
        ),
        # notices
        ("notice", "検査料の点数の取扱いについて", _LETTERHEAD),
        (
            "notice",
            "「診療報酬の算定方法の一部改正に伴う実施上の留意事項について」等の一部改正について",
            ["写"],
        ),
        (
            "notice",
            "平成28年度診療報酬改定関連通知の一部訂正及び官報掲載事項の一部訂正について",
            ["事 務 連 絡"],
        ),
        ("notice", "原薬等登録原簿の利用に関する指針について", ["薬食審査発 1117 第３号"]),
        (
            "notice",
            "新型コロナウイルス感染症患者の発生および患者の死亡について",
            ["【報道機関の皆様へ】"],
        ),
        (
            "notice",
            "○情報システム安全対策基準",
            ["平成７年８月２９日（通商産業省告示第５１８号）（制定）"],
        ),
        ("notice", "官報", ["平成17年6月10日 金曜日 官報"]),
        # what no rule knows
        ("other", "情報セキュリティ早期警戒パートナーシップガイドライン", ["2022 年 5 月"]),
        ("other", "デジタル社会推進実践ガイドブック DS-430 コアデータモデル全体概要", []),
        (
            "other",
            "モデル就業規則",
            ["令和４年 11 月版", "第１条 この就業規則は"],
        ),  # a model, no law
        ("other", "歯科疾患管理料に係る管理計画書", ["別紙様式１"]),  # a form, no plan
        ("other", "基本診療料の施設基準等に係る届出書", ["別添７"]),
        ("other", "医科診療報酬点数表", ["別表第一"]),
        ("other", "電話や情報通信機器を用いて診療を実施する医療機関の一覧（都道府県集計用）", []),
        ("other", "各都道府県の検査陽性者の状況", ["2021/10/4 24時時点"]),
        ("other", "「東日本大震災後オルソ画像」について", []),
        ("other", "地理院地図　表示用凡例　数値地図25000（土地条件）", []),
        ("other", "運輸安全委員会", ["運輸安全委員会", "報告書検索"]),  # a home page
        ("other", "ふるさとの駅", []),
        ("other", "", []),
        # made up
        ("meeting_record", "第3回 人身取引対策推進会議 議事要旨", []),
        ("meeting_record", "再犯防止対策推進会議（第5回）", []),
        ("follow_up", "第5次男女共同参画基本計画の進捗状況", []),
        ("evaluation_sheet", "令和4年度行政事業レビューシート", []),
        ("brochure", "人身取引対策リーフレット", []),
        ("report", "人身取引被害者の実態に関する調査研究報告書", []),
        ("other", "人身取引事案の取扱方法", ["第1条"]),  # 方法 is no 法
    ],
)
def test_kinds(kind: str, title: str, texts: list[str]) -> None:
    assert registry().kind_found(title, texts).kind == kind


def test_a_web_page_that_speaks_of_a_paper_is_no_paper() -> None:
    paper: tuple[str, list[str]] = ("ディスカッションペーパー", [])
    speaks = ("利活用の事例", ["本ディスカッションペーパーは、事例をとりあげたものです。"])
    for title, texts in (paper, speaks):
        assert registry().kind_found(title, texts).kind == "report"
        assert registry().kind_found(title, texts, is_web_page=True).kind == "other"
    # A white paper may be published as web pages.
    assert registry().kind_found("観光白書", [], is_web_page=True).kind == "report"


def test_shape_decides_where_words_do_not() -> None:
    assert registry().kind_found("別紙2", [], has_table_of_measures=True).kind == "follow_up"
    # A plan may list its measures in a table.
    assert registry().kind_found("再犯防止推進計画", [], has_table_of_measures=True).kind == "plan"
    assert (
        registry().kind_found("IOM拠出金", ["総合評価"], has_form=True).kind == "evaluation_sheet"
    )
    assert registry().kind_found("IOM拠出金", [], has_form=True).kind == "other"
