"""Families of documents: what says the same things again because it is another form of one text.

A family is the editions, drafts, reprints and follow-ups of one series of plans, or else of one
title and publisher. `family_of` gives equal keys for the documents of a family.
"""

import re
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from shisaku.ingest.text.fold import fold

_BRACKETS = re.compile(r"[(（\[［【〔][^()（）\[\]［］【】〔〕]{0,40}[)）\]］】〕]")
_EDITION = re.compile(
    r"(?:令和|平成|昭和)?[0-9〇一二三四五六七八九十元]{1,4}年(?:度|版)?(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?"
    r"|第[0-9〇一二三四五六七八九十]{1,4}(?:次|版|期|回)"
)
_DRAFT = re.compile("(?:素案|骨子案|原案|たたき台|案|概要|概要版|全体版|本文|抜粋|改訂版|改定版)+$")
_WORDS = re.compile("#p-([0-9a-f]{12})")
"""The hash of the folded words in the id of a passage (docs/architecture.md)."""


def family_of(record: Mapping[str, Any]) -> str:
    """Return the key of the family of a document; `record` has its head, as a record's does."""
    if series := record["plan_series"]:
        return f"plan {fold(series)}"
    title = fold(record["title"])
    bare = _EDITION.sub("", _BRACKETS.sub("", title))
    bare = _DRAFT.sub("", bare) or title
    return f"title {bare} {fold(record['publisher'] or '')}"


def twin_of(record: Mapping[str, Any], family: str) -> int:
    """Return a number of 64 bits that passages of the same folded words in one family share."""
    found = _WORDS.search(record["id"])
    words = found[1] if found else fold(record["text"])
    digest = blake2b(f"{family}\n{words}".encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), "little")
