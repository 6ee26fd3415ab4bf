"""The rows about single answers: literal recall and precision, spellings, queries; with the peers.

A row is measured on one open index. Failures begin with their class in brackets, so that the list
under the table can be read by what is wrong and not by where.
"""

import re
import shlex
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from bench.corpus import key
from bench.findability.draw import Drawn, contains, folded
from bench.findability.peers import Peer, Text
from bench.findability.tool import Record, Tool, indexed, invoke, texts_of
from bench.table import Row
from shisaku.ingest.errors import ShisakuError
from shisaku.ingest.model import Document, Passage, Source

CARRIER = "関係省庁は、{}に関する資料を公表した。"
_SHOWN_HITS = 20
_SENTENCE = 30  # characters; a longer comment names no kind
_RANKS = 10

Peers = Mapping[str, Peer | None]


def texts_for_peers(records: Sequence[Record]) -> list[Text]:
    """Return the passages as the peers take them: text, and all headings in one."""
    return [(r["id"], r["text"], "\n".join(texts_of(r, ("path", "measure")))) for r in records]


def compared(peers: Peers, measure: Callable[[Peer], str]) -> tuple[str, ...]:
    """Measure each peer; one that is not installed is passed over, visibly."""
    return tuple("not installed" if peer is None else measure(peer) for peer in peers.values())


# --- literal recall, quoted precision ----------------------------------------------------------


def literal(
    tool: Tool, records: Sequence[Record], drawn: Sequence[Drawn], peers: Peers,
    floors: Mapping[str, float],
) -> list[Row]:  # fmt: skip
    """Measure whether each substring finds its passage, and whether quoted hits hold it."""
    keys = {record["id"]: _keys(record) for record in records}
    lost: dict[str, list[str]] = {"quoted": [], "bare": []}
    wrong: list[str] = []
    hits = 0
    for each in drawn:
        answers = {"quoted": _answer(tool, each.phrase), "bare": _answer(tool, each.text)}
        for way, found in answers.items():
            if isinstance(found, str):
                lost[way].append(f"[error: {_class(each.text)}] {each.text!r}: {found}")
            elif each.id not in found:
                lost[way].append(f"[missed: {_class(each.text)}] {each.text!r} in {each.id}")
        found = answers["quoted"]
        if not isinstance(found, str):
            hits += len(found)
            sought = folded(each.text)
            wrong += [
                f"[no part holds it] {each.text!r}: {id_}"
                for id_ in found
                if not any(sought in part for part in keys[id_])
                and not any(contains(part, each.text) for part in keys[id_])
            ]
            wrong += _matched_wrongly(tool, each)
    rows = []
    for way, name in (("quoted", "as “…”"), ("bare", "as a bare word")):
        recall, must = 1 - len(lost[way]) / len(drawn), floors[f"literal_{way}"]
        rows.append(
            Row(f"literal recall, {len(drawn):,} substrings {name}", f"{recall:.4f}",
                f"≥ {must:g}", recall >= must, tuple(lost[way]),
                compared(peers, lambda peer, way=way: _peer_recall(peer, drawn, way)))  # type: ignore[misc]
        )  # fmt: skip
    precision, must = 1 - len(wrong) / max(hits, 1), floors["precision"]
    rows.append(
        Row(f"quoted precision, {hits:,} hits", f"{precision:.4f}", f"≥ {must:g}",
            precision >= must, tuple(wrong),
            compared(peers, lambda peer: _peer_precision(peer, drawn, keys)))
    )  # fmt: skip
    return rows


def _keys(record: Record) -> list[str]:
    return [folded(text) for text in texts_of(record, ("text", "path", "measure"))]


def _answer(tool: Tool, query: str) -> set[str] | str:
    try:
        return set(tool.ids(query))
    except ShisakuError as error:
        return str(error)


def _matched_wrongly(tool: Tool, each: Drawn) -> list[str]:
    """Look at what the first hits say matched."""
    out = []
    for hit in tool.hits(each.phrase, limit=_SHOWN_HITS)[1]:
        named = list(texts_of(hit, hit["matched"]))
        if not any(contains(text, each.text) for text in named):
            out.append(f"[matched names another part] {each.text!r}: {hit['matched']} {hit['id']}")
        shown = [hit["text"][start:end] for start, end in hit["highlights"]]
        if any(not contains(text, each.text) for text in shown):
            out.append(f"[highlight holds something else] {each.text!r}: {shown} {hit['id']}")
    return out


_CLASSES = (
    ("parenthesis", "[()（）]"), ("quotation mark", "[\"＂“”「」『』]"),
    ("hyphen first", r"^\W*[-－−]"),
    ("operator", r"[*＊~～〜:：]|\b(?:OR|AND|NOT|ＯＲ)\b"), ("white space", r"\s"),
    ("iteration mark", "[々ゝゞヽヾ]"), ("numeral", r"[\d０-９一二三四五六七八九十百千万億]"),
    ("sign", r"[^\w]"),
)  # fmt: skip


def _class(text: str) -> str:
    """Name what about a substring most likely makes it hard."""
    return next((name for name, sign in _CLASSES if re.search(sign, text)), "plain")


def _peer_recall(peer: Peer, drawn: Sequence[Drawn], way: str) -> str:
    found = sum(
        each.id in peer.find([each.text] if way == "quoted" else each.text.split())
        for each in drawn
    )
    return f"{found / len(drawn):.4f}"


def _peer_precision(peer: Peer, drawn: Sequence[Drawn], keys: Mapping[str, list[str]]) -> str:
    hits = right = 0
    for each in drawn:
        sought = folded(each.text)
        found = peer.find([each.text])
        hits += len(found)
        right += sum(any(sought in part for part in keys[id_]) for id_ in found)
    return f"{right / max(hits, 1):.4f}"


# --- spellings ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pair:
    """Two spellings of one word, the sentence that carries them, and how they differ."""

    one: str
    other: str
    carrier: str = CARRIER
    kind: str = ""


def read_pairs(path: Path) -> list[Pair]:
    """Read pairs: tab-separated; a short comment (`# numerals`) names the kind of what follows."""
    pairs, kind = [], "given"
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            comment = line.removeprefix("#").strip()
            kind = comment if len(comment) < _SENTENCE else kind
        elif line.strip():
            one, other, *carrier = line.split("\t")
            pairs.append(Pair(one, other, carrier[0] if carrier else CARRIER, kind))
    return pairs


def carried(pairs: Sequence[Pair], name: str) -> tuple[Document, list[tuple[str, str, str, str]]]:
    """Return a document of all spellings, and what is asked of it: query, id, text, kind."""
    passages, asked = [], []
    for at, pair in enumerate(pairs):
        for way, (text, query) in enumerate([(pair.one, pair.other), (pair.other, pair.one)]):
            id_ = f"{name}#p-{at}-{way}"
            sentence = pair.carrier.replace("{}", text)
            passages.append(Passage(id=id_, text=sentence, type="paragraph"))
            asked.append((query, id_, sentence, pair.kind))
    document = Document(
        id=name, title="綴り", sha256="0" * 64, sources=(Source(f"raw/{name}"),),
        passages=tuple(passages), pages=1,
    )  # fmt: skip
    return document, asked


def spellings(
    pairs: Sequence[Pair], name: str, least: float, folder: Path,
    make_peers: Callable[[Sequence[Text]], Peers],
) -> Row:  # fmt: skip
    """Measure whether a text with one spelling is found by the other, both ways."""
    document, asked = carried(pairs, "spellings.html")
    path = folder / "parsed" / "spellings.html.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(msgspec.json.encode(document))
    tool = Tool(indexed(folder))
    failures = []
    for query, id_, sentence, kind in asked:
        found = _answer(tool, query)
        if isinstance(found, str) or id_ not in found:
            why = f": {found}" if isinstance(found, str) else ""
            failures.append(f"[{kind}] {query!r} does not find {sentence!r}{why}")
    tool.close()
    peers = make_peers([(id_, sentence, "") for _, id_, sentence, _ in asked])

    def peer_finds(peer: Peer) -> str:
        found = sum(id_ in peer.find(query.split()) for query, id_, _, _ in asked)
        peer.close()
        return f"{found}/{len(asked)}"

    right = len(asked) - len(failures)
    return Row(name, f"{right}/{len(asked)}", f"≥ {least:g}", right >= least * len(asked),
               tuple(failures), compared(peers, peer_finds))  # fmt: skip


# --- queries -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """A query with its filters as typed, and what a right hit is: its document and words in it."""

    query: str
    filters: tuple[str, ...]
    document: str
    text: str

    def right(self, record: Mapping[str, Any]) -> bool:
        """Return whether a hit is a right one."""
        return Path(record["document"]).stem == self.document and key(self.text) in key(
            record["text"]
        )


def read_queries(path: Path) -> list[Asked]:
    """Read queries: tab-separated, `#` begins a comment."""
    asked = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            query, filters, document, text = line.split("\t")
            asked.append(Asked(query, tuple(shlex.split(filters)), document, text))
    return asked


def queries(
    asked: Sequence[Asked], name: str, floors: Mapping[str, float], tool: Tool, peers: Peers
) -> Row:
    """Measure where the first right hit of each query stands, asked as on the command line."""
    ranks, failures = [], []
    for each in asked:
        done = invoke(
            tool.data,
            ["search", "--json", "--limit", str(_RANKS), *each.filters, "--", each.query],
        )
        hits = done.json()["hits"] if done.code == 0 else []
        rank = _rank([each.right(hit) for hit in hits])
        ranks.append(rank)
        if not 1 <= rank <= 3:
            what = "refused" if done.code else "no hits" if not hits else "ranked low"
            place = f"first right hit at {rank}" if rank else f"none right of {len(hits)}"
            failures.append(f"[{what}] {each.query} {' '.join(each.filters)}: {place}")

    def peer_scores(peer: Peer) -> str:
        return _scores([_peer_rank(peer, each, tool.data, known) for each in asked])

    known = {record["id"]: record for record in tool.export(None)} if any(peers.values()) else {}
    among = sum(1 <= rank <= 3 for rank in ranks) / len(ranks)
    mrr = sum(1 / rank for rank in ranks if rank) / len(ranks)
    return Row(
        name, _scores(ranks), f"≥ {floors['queries']:g}, {floors['mrr']:g}",
        among >= floors["queries"] and mrr >= floors["mrr"], tuple(failures),
        compared(peers, peer_scores),
    )  # fmt: skip


def _rank(right: Sequence[bool]) -> int:
    return right.index(True) + 1 if True in right else 0


def _scores(ranks: Sequence[int]) -> str:
    among = sum(1 <= rank <= 3 for rank in ranks) / len(ranks)
    return f"{among:.3f}, MRR {sum(1 / rank for rank in ranks if rank) / len(ranks):.3f}"


def _peer_rank(peer: Peer, each: Asked, data: Path, known: Mapping[str, Record]) -> int:
    """Ask a peer for the words, and let it have only what the filters admit."""
    done = invoke(data, ["export", "--format", "jsonl", *each.filters]) if each.filters else None
    admitted = None if done is None else {
        msgspec.json.decode(line)["id"] for line in done.out.splitlines()
    }  # fmt: skip
    found = [id_ for phrases in alternatives(each.query) for id_ in peer.find(phrases)]
    kept = [id_ for id_ in found if admitted is None or id_ in admitted]
    return _rank([each.right(known[id_]) for id_ in kept[:_RANKS]])


def alternatives(query: str) -> list[list[str]]:
    """Write `(甲 OR 乙) 丙` out as lists of words of which all must be found: 甲丙, 乙丙."""
    group = re.search(r"\(([^()]*)\)", query)
    if group is None:
        return [query.split()]
    rest = query[: group.start()] + query[group.end() :]
    return [[*part.split(), *rest.split()] for part in group[1].split(" OR ")]


def by_class(failures: Sequence[str]) -> list[str]:
    """Return the classes of failures with their number, the most frequent first."""
    counts = Counter(failure.partition("]")[0].lstrip("[") for failure in failures)
    return [f"{name}: {count}" for name, count in counts.most_common()]
