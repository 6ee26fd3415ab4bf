"""The bodies that act by a text: 入国管理局では、…, 警察庁及び都道府県警察において、….

`find_actors` takes a text and gives canonical names. Only a body marked as topic or subject counts;
警察庁に対し, 厚生労働省と連携し, 警察庁作成 and the subject of a relative clause
(警察庁が主催する会議) do not. Precision comes before recall.
"""

import re
from dataclasses import dataclass

from shisaku.ingest.registry.ministries import Bodies
from shisaku.ingest.text.fold import fold

_JOIN = re.compile(r"等?(?:、|,|・|及び|および|並びに|ならびに|又は|または|若しくは|や|と|その他)")
# An office acts for its ministry: 警察庁刑事局では. A bracket is a gloss: 法務省(入国管理局)では.
_OFFICE = re.compile(r"(?:[一-龠々]{1,12}?(?:局|部|課|室|本部))?(?:\([^()]{1,24}\))?")
_TOPIC = re.compile(
    r"等?(?:において|に於いて|では(?!な[いくか])|として[はも]?(?![一-龠々])|は(?!じめ)|も(?=、)"
    r"|が(?!ん))"
)
# …が作成したリーフレット: a plain verb before a noun makes the clause a description of that noun.
_DESCRIBES = re.compile(
    r"[^、。「」]{0,40}?(?:する|した|している|していた|してきた|される|された|行う|行った|定める|定めた|示す|"
    r"示した|設ける|設けた|有する|開いた|まとめた|必要な)(?=[一-龠々ァ-ヶa-z「『(]|もの|こと|よう)"
)
_WORD = re.compile(r"[一-龠々ァ-ヶーa-z0-9]")
# 警察 alone is the national body only where a clause or a list begins: 外国の警察では is not.
_CLAUSE_START = re.compile(r"(?:^|[。、,;:「『(◎○●■・]|及び|並びに|又は|また|なお|さらに)$")
_BEFORE = 3
"""Characters before a name that tell whether a clause begins with it: the longest word of these."""


@dataclass
class _Mention:
    start: int
    end: int
    name: str
    acts: bool = False


def find_actors(bodies: Bodies, text: str) -> tuple[str, ...]:
    """Return the canonical names of the bodies that act by `text`, in printed order, each once."""
    key = fold(text)
    mentions = _mentions(bodies, key)
    following: _Mention | None = None
    for mention in reversed(mentions):
        if topic := _TOPIC.match(key, mention.end):
            subject = topic[0].endswith("が")
            mention.acts = not (subject and _DESCRIBES.match(key, topic.end()))
        elif following and (join := _JOIN.match(key, mention.end)):
            mention.acts = following.acts and join.end() == following.start
        following = mention
    return tuple(dict.fromkeys(mention.name for mention in mentions if mention.acts))


def _mentions(bodies: Bodies, key: str) -> list[_Mention]:
    found: list[_Mention] = []
    name_end = -1
    for match in bodies.acting_scanner.finditer(key):
        start = match.start()
        name = bodies.acting.get(match[0]) or bodies.spellings[match[0]]
        if found and name_end == start and found[-1].name in bodies.parents(name):
            start = found.pop().start  # 法務省入国管理局 is the bureau
        elif start and _WORD.match(key[start - 1]):
            continue  # 地方入国管理局, 県警察
        elif match[0] in bodies.acting and not _CLAUSE_START.search(
            key, max(0, start - _BEFORE), start
        ):
            continue
        name_end = match.end()
        office = _OFFICE.match(key, name_end)
        end = office.end() if office else name_end
        if end > name_end and not (_TOPIC.match(key, end) or _JOIN.match(key, end)):
            end = name_end
        found.append(_Mention(start, end, name))
    return found
