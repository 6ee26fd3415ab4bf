"""Marks at the head of a line: bullets, numbers of items and headings."""

import re

from shisaku.ingest.text.marks import BULLETS, COUNTED, DASHES

_MARK = re.compile(
    rf"""(?P<bullet>[{BULLETS}‐–—-]|[{DASHES}](?=[\s\u3000])|＞＞|>>)
    |(?P<circled>[①-⑳㉑-㊿❶-❿➀-➓])
    |(?P<paren>[（(]\s*[0-9０-９ア-ンa-zA-Zａ-ｚⅠ-ⅻ一二三四五六七八九十]{{1,3}}\s*[）)])
    |(?P<closed>[0-9０-９ア-ンa-zａ-ｚ]{{1,2}}[）)])
    |(?P<ordinal>第\s*[0-9０-９一二三四五六七八九十百]+\s*[部編章節款目条項])
    |(?P<roman>[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]+[.．\s\u3000]|[IVX]+[.．])
    |(?P<number>[0-9０-９]{{1,3}}(?:[.．\-－][0-9０-９]{{1,3}})*[.．、\s\u3000])
    |(?P<label>【[^】]{{1,20}}】|〔[^〕]{{1,20}}〕|注\s*[0-9０-９]*[)）:：\s\u3000]|[（(]注\s*[0-9０-９]*[)）]|＜[^＞]{{1,30}}＞)
    |(?P<kana>[ア-ン][.．\u3000])
    |(?P<counted>{COUNTED.replace("?P<value>", "")})
    """,
    re.VERBOSE,
)


def mark_of(text: str) -> str:
    """Give the kind of list or heading mark with which `text` begins, "" for none."""
    match = _MARK.match(text.lstrip("\u3000 "))
    return match.lastgroup or "" if match else ""
