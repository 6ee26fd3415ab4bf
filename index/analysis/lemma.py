"""The normalised lemma: the key that the spellings of one word have in common.

`read_feature` takes a line of UniDic features and gives a `Morpheme`. UniDic's lemmas unify
取組/取組み/取り組み, サーバ/サーバー, 障害/障がい. Unchanged, they would also separate spellings of
one word and join different words; each rule below names its case.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from shisaku.index.analysis.folding import DASH, is_hiragana, is_ideograph, search_key

# Function words are not indexed; negation is (保護しない is not 保護する).
_SKIPPED_POS = frozenset({"助詞", "助動詞", "補助記号", "空白"})
_NEGATION = frozenset({"ない", "ず", "ぬ"})
# において, における: a particle in all but name.
_FUNCTION_VERBS = frozenset({"於く"})
# Compound particles with a verb (において, によって, をもって). Without a noun before it MeCab
# gives the verb: おいて alone is 置いて. So they are known by their letters; without に only those
# that are hardly ever written so as verbs.
_FUNCTION_PHRASE = re.compile(
    "(?:に?(?:おいて|おける|おきまして|ついて|つきまして|よって|あたって|わたって)"
    "|に(?:より|よる|よれば|とって|あたり|わたり|つれて|かけて|て)|を(?:もって|めぐって|めぐる)"
    "|と?ともに|として)(?:は|も|の)?"
)
# Last kana of a 五段 verb's dictionary form → of its 連用形.
_CONTINUATIVE = str.maketrans("うくぐすつぬぶむる", "いきぎしちにびみり")


# Sounds that foreign words are spelled with in more than one way.
_KATAKANA = re.compile("[ァ-ヴ-]{3,}")
_SOUNDS = {
    **{"ヴァ": "バ", "ヴィ": "ビ", "ヴェ": "ベ", "ヴォ": "ボ", "ヴ": "ブ"},
    **{"ウィ": "ウイ", "ウェ": "ウエ", "ウォ": "ウオ"},
}


class Morpheme(NamedTuple):
    """A dictionary entry: whether it counts as a word, and its key."""

    counts: bool
    lemma: str | None
    breaks: bool = False
    """Whether it is a full stop, which no phrase crosses."""
    number: bool = False
    """Whether it is a numeral or a part of one."""
    leads: bool = False
    """Whether it can be the first part of a compound verb: 連用形, its noun, one ideograph (見)."""
    follows: bool = False
    """Whether it can be the second part of a compound verb."""


def is_function_phrase(key: str) -> bool:
    """Return whether a folded query is a compound particle (において), which MeCab misreads."""
    return _FUNCTION_PHRASE.fullmatch(key) is not None


def katakana_key(key: str) -> str | None:
    """Return the common key of the spellings of a katakana word, None for other words.

    UniDic unifies the words that it knows. For the rest: ヴァ is バ, ウィ is ウイ, and a final
    long-vowel mark of a word of more than three letters is optional (外来語の表記, Cabinet
    Notification No. 2 of 1991, writes it; JIS Z 8301:2008 does not).
    """
    if not _KATAKANA.fullmatch(key):
        return None
    for spelling, sound in _SOUNDS.items():
        key = key.replace(spelling, sound)
    return key.removesuffix(DASH) if len(key) > 3 else key


def _continuative(lemma: str, conjugation: str) -> str:
    """Return the 連用形 of a verb's lemma, so that 受け入れる has the key of the noun 受け入れ."""
    if lemma.endswith("ずる"):  # 応じる has the lemma 応ずる
        return f"{lemma[:-2]}じ"
    if conjugation.startswith(("上一段", "下一段")):
        return lemma.removesuffix("る")
    if conjugation.startswith("五段"):
        return lemma[:-1] + lemma[-1].translate(_CONTINUATIVE)
    return lemma


@lru_cache(maxsize=65536)
def read_feature(feature: str) -> Morpheme:
    """Return the `Morpheme` of a line of UniDic features (comma-separated).

    Unknown words and numerals have six fields only, or a lemma of `*`: their key is the surface.
    """
    fields = feature.split(",", 8)
    pos, detail = fields[0], fields[1] if len(fields) > 1 else ""
    lemma: str | None = fields[7] if len(fields) > 8 and fields[7] != "*" else None
    if pos in _SKIPPED_POS or lemma in _FUNCTION_VERBS:
        counts = pos == "助動詞" and lemma in _NEGATION
        return Morpheme(counts, lemma and search_key(lemma), breaks=detail == "句点")
    number = detail == "数詞"
    if lemma is None:
        return Morpheme(True, None, number=number)
    # The lemma of a proper noun is its reading (京都 → キョウト): homophones would become one.
    if detail == "固有名詞":
        return Morpheme(True, None)
    # サーバー-server, 私-代名詞: what follows the hyphen tells homographs apart, it is not a word.
    lemma = lemma.partition("-")[0] or lemma
    if pos == "動詞":
        lemma = _continuative(lemma, fields[4])
    leads = fields[5].startswith("連用形") if pos == "動詞" else pos == "名詞"
    leads = leads and (pos == "動詞" or len(lemma) == 1 or _ends_in_kana(lemma))
    follows = pos == "動詞" or (pos in ("名詞", "接尾辞") and _ends_in_kana(lemma))
    return Morpheme(True, search_key(lemma), number=number, leads=leads, follows=follows)


def _ends_in_kana(lemma: str) -> bool:
    """Return whether a lemma is ideographs with kana at the end, as that of a verb (洗い, 出し)."""
    return len(lemma) > 1 and is_hiragana(lemma[-1]) and is_ideograph(lemma[0])
