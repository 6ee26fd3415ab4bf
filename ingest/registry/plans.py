"""Plans and their series: which plan a title is, or follows.

A plan's title ends in a word for it (…計画, …大綱, …総合対策, …プラン, …戦略); the number or year
around it (第三次…, …2009) makes the edition, the rest is the series. A follow-up's title names the
plan in 「」 or before の進捗状況. The rules hold for plans never seen; plans.toml adds the rest.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from shisaku.ingest.text.beside import table
from shisaku.ingest.text.fold import fold
from shisaku.ingest.text.numerals import parse_number
from shisaku.ingest.text.radicals import repair_radicals

_N = r"[0-9〇一二三四五六七八九十]+"
PLAN_WORD = (
    r"(?:計画|大綱|総合対策|総合的対応策|対策パッケージ|政策パッケージ|プラン|戦略|基本方針|"
    r"基本的方針|重点方針|基本指針|ロードマップ|工程表|アクションプログラム|プログラム|ビジョン|骨太方針)"
)
"""Words in which a plan's title ends; a bare 指針 or 方針 is a guideline and none."""
# What a title adds behind the plan's name: a year or number, (案), (概要), 改訂版.
_BEHIND = (
    rf"(?:[0-9]{{4}}|第{_N}[次期]|\([^()]*\)|【[^】]*】|素案|原案|改訂版?|改定版?|案|本文|概要版?|全文|全体版|"
    r"のポイント|について|の策定に当たって|の決定)"
)
_PLAN_TITLE = re.compile(rf"(?P<plan>.*{PLAN_WORD})(?P<behind>{_BEHIND}*)")
_EDITION_BEHIND = re.compile(rf"[0-9]{{4}}|第{_N}[次期]|\((?:第{_N}[次期]|[0-9]{{4}})\)")
_BEFORE = re.compile(
    rf"^(?:新たな|改定|改訂|新|第{_N}[次期]|(?:平成|令和|昭和)(?:元|{_N})年度?版?|[0-9]{{4}}年度?版?)+"
)
_YEAR_BEFORE = re.compile(rf"^(?:(?:平成|令和|昭和)(?:元|{_N})|[0-9]{{4}})年度?版?(?:の|における)?")
_FOLLOW = re.compile(
    r"(?:の|に基づく|に係る|に関する|における|に対する)?"
    r"(?:施策|取組|措置|対策|諸施策|具体的施策)?(?:の|に関する)?"
    r"(?:フォローアップ|フォロー・アップ|進捗状況|進捗|実施状況|取組状況|推進状況|達成状況|点検|"
    r"中間評価|評価|実施結果|推進結果|年次報告)"
)
# 計画, 行動計画, 基本方針: a word for some plan, the name of none.
_NAMELESS = re.compile(
    rf"(?:行動|基本|実行|実施|推進|総合|重点|整備|年次|中期|の)*(?:{PLAN_WORD})?"
)
# A form (管理計画書) and an application (計画の認定申請) are no plans.
_NO_PLAN = re.compile(
    r"(?:計画|プラン)(?:書|表|課|室|局|策定|認定|相談)|様式|届出|申請|テンプレート"
)


_LONGEST = 500
"""Characters of a follow-up's title that are read: none is longer, and each of its words for a
follow-up has all before it looked through."""


@dataclass(frozen=True)
class PlanRef:
    """A plan, by the name of its edition, and the series that it belongs to."""

    plan: str
    series: str


@dataclass(frozen=True)
class _Known:
    refs: dict[str, PlanRef]
    editions: dict[str, tuple[tuple[str, PlanRef], ...]]
    """Series name → (date of issue, edition)."""


def plan_key(text: str) -> str:
    """Return the key for comparing plans: folded, 第三次 equal to 第3次, without quotes."""
    key = re.sub("[「」『』]", "", fold(text))
    return re.sub(
        r"第([〇一二三四五六七八九十]+)(?=[次期])",
        lambda found: f"第{parse_number(found[1])}",
        key,
    )


@cache
def _known() -> _Known:
    raw = table(__file__, "plans.toml")
    refs: dict[str, PlanRef] = {}
    editions: dict[str, tuple[tuple[str, PlanRef], ...]] = {}
    for series in raw["series"]:
        name = series["name"]
        # The bare name of a series is the series; an edition of the same name is found by date.
        refs[plan_key(name)] = PlanRef(name, name)
        found = []
        for edition in series["edition"]:
            ref = PlanRef(edition["name"], name)
            found.append((edition["issued"], ref))
            for written in (edition["name"], *edition["aliases"]):
                refs.setdefault(plan_key(written), ref)
        editions[name] = tuple(found)
        for alias in (*series.get("aliases", ()), *series.get("english", ())):
            refs.setdefault(plan_key(alias), PlanRef(name, name))
    return _Known(refs, editions)


def _tidy(title: str) -> str:
    """Return a title without white space, with ASCII digits and brackets, radicals repaired."""
    text = "".join(repair_radicals(title).split())
    return "".join(
        unicodedata.normalize("NFKC", char) if char in "０１２３４５６７８９（）" else char
        for char in text
    )


def plan_of_title(title: str, issued: str | None = None) -> PlanRef | None:
    """Return the plan that `title` is the title of, or None where it is no plan's.

    `issued` (ISO, as precise as known) chooses the edition where the title only repeats the series.
    """
    text = _tidy(title)
    while text[:1] in "「『" and text[-1:] in "」』" and len(text) > 2 and text.count(text[0]) == 1:
        text = text[1:-1]
    known = _known()
    if ref := known.refs.get(plan_key(text)):
        return _edition(ref, issued)
    found = _PLAN_TITLE.fullmatch(text)
    if found is None or _NO_PLAN.search(text) or re.search("[。、]$", found["plan"]):
        return None
    behind = _EDITION_BEHIND.match(found["behind"])
    name = _YEAR_BEFORE.sub("", found["plan"]) + (behind[0] if behind else "")
    series = _BEFORE.sub("", found["plan"])
    if _NAMELESS.fullmatch(series):
        return None
    if ref := known.refs.get(plan_key(name)):
        return _edition(ref, issued)
    own = known.refs.get(plan_key(series))
    return PlanRef(name, own.series if own else series)


def _edition(ref: PlanRef, issued: str | None) -> PlanRef:
    if ref.plan == ref.series and issued:
        for date, edition in _known().editions[ref.series]:
            if date.startswith(issued) or issued.startswith(date):
                return edition
    return ref


def followed_plan(title: str) -> PlanRef | None:
    """Return the plan that the `title` of a follow-up names, None for other titles.

    「人身取引対策行動計画2009」フォローアップ, 第5次男女共同参画基本計画の進捗状況について,
    令和4年度…の実施状況.
    """
    text = _tidy(title[:_LONGEST])
    follow = None
    for follow in _FOLLOW.finditer(text):
        before = text[: follow.start()]
        quoted = re.search(
            r"[「『](?P<plan>[^」』]*(?:「[^」]*」[^」』]*)?)[」』][^「」]{0,12}$", before
        )
        for candidate in (quoted["plan"] if quoted else "", _YEAR_BEFORE.sub("", before)):
            if candidate and (ref := plan_of_title(candidate)):
                return ref
        # 「…戦略」及び「…緊急対策」フォローアップ: the first of the plans that it follows.
        for each in re.finditer(r"[「『]([^「」『』]{4,60})[」』]", before):
            if ref := plan_of_title(each[1]):
                return ref
    if follow is None:
        return None
    behind = re.search(r"\((?P<plan>[^()]+)\)$", text)  # フォローアップ（…計画）
    return plan_of_title(behind["plan"]) if behind else None


_QUOTED = re.compile(r"[「『]([^「」『』]{4,60})[」』]")
_NAMED = re.compile(
    rf"(?:^|[、。はがを「])((?:第{_N}[次期])?[^、。「」()はがをで]{{2,40}}?{PLAN_WORD})(?=[(「]|に基づ|に沿|に掲げ|の章|の進捗|の実施|の推進|のフォロー)"
)
_SAME = ("当該", "本", "同", "この", "その", "次の", "新たな", "各", "前")
"""Before 計画 they point to a plan that was named before, or to none."""

_FIRST_PARAGRAPH = 400
"""Characters of a paragraph in which the plan that it reports on is named."""


def plan_of_text(text: str) -> PlanRef | None:
    """Return the plan that a first paragraph names, None where it names none or several.

    「第二次再犯防止推進計画」の章立てに沿って, 第五次薬物乱用防止五か年戦略（平成30年…）に基づき.
    """
    tidy = _tidy(text[:_FIRST_PARAGRAPH])
    names = [*(found[1] for found in _QUOTED.finditer(tidy))]
    names += [found[1] for found in _NAMED.finditer(tidy)]
    names = [name for name in names if not name.startswith(_SAME)]
    refs = {ref.plan: ref for name in names if (ref := plan_of_title(name))}
    return next(iter(refs.values())) if len(refs) == 1 else None


def resolve_plan(text: str) -> str | None:
    """Return the name of the plan or series `text`, None where it is unknown.

    A plan's name wins over its series' only where it says the edition: 人身取引対策行動計画 is the
    series, …2009 the plan. For plans that plans.toml does not hold compare `plan_key`.
    """
    ref = _known().refs.get(plan_key(text))
    return ref.plan if ref else None
