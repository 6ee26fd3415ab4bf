"""The normalised lemma: under which key the spellings of one word meet.

UniDic's lemmas unify 取組/取組み/取り組み, サーバ/サーバー, 障害/障がい. As they stand they would
also part what belongs together and join what does not; each rule below names its case.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from shisaku.index.analysis.folding import DASH, is_hiragana, is_ideograph, search_key

# Function words do not count; negation does (保護しない is not 保護する).
_SKIPPED_POS = frozenset({"助詞", "助動詞", "補助記号", "空白"})
_NEGATION = frozenset({"ない", "ず", "ぬ"})
# において, における: a particle in all but name.
_FUNCTION_VERBS = frozenset({"於く"})
# Particles made of a verb (において, によって, をもって). Torn from the noun before it MeCab takes
# the verb at its word: おいて alone is 置いて. So these are known by their letters; without its に
# only what is hardly ever written so as a verb.
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
    """What of a dictionary entry matters here: whether it counts as a word, and its key."""

    counts: bool
    lemma: str | None
    breaks: bool = False
    """Whether a phrase ends here: a full stop."""
    number: bool = False
    """Whether it is a numeral, or a part of one."""
    leads: bool = False
    """Whether it can begin a compound verb: a 連用形, a noun made of one, one ideograph (見)."""
    follows: bool = False
    """Whether it can end one."""


def is_function_phrase(key: str) -> bool:
    """Return whether a folded query is a particle made of a verb, which MeCab would not see."""
    return _FUNCTION_PHRASE.fullmatch(key) is not None


def katakana_key(key: str) -> str | None:
    """Return the key under which the spellings of a foreign word meet, None for other words.

    UniDic unites those that it knows. For the rest: ヴァ is バ, ウィ is ウイ, and the long-vowel
    mark that ends a word of more than three letters may be left out (外来語の表記, the cabinet's
    notice of 1991, writes it; JIS Z 8301 does not).
    """
    if not _KATAKANA.fullmatch(key):
        return None
    for spelling, sound in _SOUNDS.items():
        key = key.replace(spelling, sound)
    return key.removesuffix(DASH) if len(key) > 3 else key


def _continuative(lemma: str, conjugation: str) -> str:
    """Return the 連用形 of a verb's lemma, so that 受け入れる meets the noun 受け入れ."""
    if lemma.endswith("ずる"):  # 応じる has the lemma 応ずる
        return f"{lemma[:-2]}じ"
    if conjugation.startswith(("上一段", "下一段")):
        return lemma.removesuffix("る")
    if conjugation.startswith("五段"):
        return lemma[:-1] + lemma[-1].translate(_CONTINUATIVE)
    return lemma


@lru_cache(maxsize=65536)
def read_feature(feature: str) -> Morpheme:
    """Read one line of UniDic features (comma-separated) into a `Morpheme`.

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
    """Tell a word made of a verb (洗い, 出し): ideographs, then its 連用形."""
    return len(lemma) > 1 and is_hiragana(lemma[-1]) and is_ideograph(lemma[0])
