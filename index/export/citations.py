"""Citations of records: one line, a Japanese footnote, BibTeX, CSL-JSON.

Takes records of passages or measures (a measure has its document's title in `document_title`).
Pages are named as printed where page labels were found, else by position in the file; a web page
has none. BibTeX and CSL-JSON have one entry per document, with the pages of the records. No time is
included: when a page was visited is not known, and equal input must give equal output.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from shisaku.index.records.fields import measure_heading
from shisaku.ingest.text.terminal import dumps, one_line

Record = dict[str, Any]


def origin(url: str | None, path: str | None) -> str:
    """Return the source of a document: its URL where known, and the path of its file."""
    return f"{url} ({path})" if url and path else url or path or ""


# --- lines for people --------------------------------------------------------------------------


def citation(record: Record) -> str:
    """Return the citation of a passage in one line: title, plan, heading path, page, source."""
    path = [*record["path"], measure_heading(record)]
    return _cited(record, path if any(path) else [_heading(record)], [record])


def citation_of_measure(records: Sequence[Record]) -> str:
    """Return the citation of a measure in one line; `records` are those of its passages."""
    return _cited(records[0], [*records[0]["path"], measure_heading(records[0])], records)


def _cited(record: Record, path: list[str], records: Sequence[Record]) -> str:
    first, last = min(r["page"] for r in records), max(r["page_end"] for r in records)
    pages = f"pp. {first}–{last}" if last > first else f"p. {first}"
    year = record["issued"] or str(_stated_year(record) or "")
    issued = "、".join(part for part in (record["publisher"], year) if part)
    parts = [
        f"『{record['title']}』" + (f"（{issued}）" if issued else ""),
        record["plan"] or "",
        " > ".join(part for part in path if part),
        pages if paged(record) else "",
        origin(record["url"], record["source"]),
    ]
    return one_line(", ".join(part for part in parts if part))


# --- Japanese style ----------------------------------------------------------------------------


def japanese(record: Record) -> str:
    """Return the citation of a record as a Japanese footnote.

    発行者『題名』（発行年月日）「見出し」3頁、URL. Within 『』 the same brackets become 「」,
    within 「」 they become 『』, as usual in Japanese typography. The heading is the measure
    where the passage has one, else the last of the path.
    """
    title = _title(record).translate(_INNER_OF_DOUBLE)
    year = _stated_year(record)
    issued = _japanese_date(record["issued"] or str(year or ""))
    heading = _heading(record).translate(_INNER_OF_SINGLE)
    cited = f"{record['publisher'] or ''}『{title}』" + (f"（{issued}）" if issued else "")
    cited += (f"「{heading}」" if heading else "") + _japanese_pages(record)
    where = record["url"] or ""
    return one_line(f"{cited}、{where}" if where else cited)


_INNER_OF_DOUBLE = str.maketrans("『』", "「」")
_INNER_OF_SINGLE = str.maketrans("「」", "『』")


def _title(record: Record) -> str:
    title: str = record["document_title"] if "document_title" in record else record["title"]
    return " ".join(title.split())


_BULLETS = "●○◎◯・■□◆◇▼▽ \u3000"
_LONGEST = 40  # characters of the first line of a meeting, which may be its whole text


def _heading(record: Record) -> str:
    if "document_title" in record:
        heading = f"{record['label']} {record['title']}"
    else:
        heading = measure_heading(record) or (record["path"] or [""])[-1]
    if not heading and record.get("type") == "meeting":
        # Entries of a record of meetings differ in their text only: ●第2回会合.
        heading = record["text"].split("\n")[0].lstrip(_BULLETS)[:_LONGEST]
    return " ".join(heading.split())


def _stated_year(record: Record) -> int | None:
    """Return the year stated by the document; None where the year is that of a dated entry."""
    year: int | None = None if record.get("date") else record["year"]
    return year


def _japanese_date(iso: str) -> str:
    """Return an ISO date in Japanese, as precise as it is: 2011年11月4日, 2011年."""
    parts = zip(iso.split("-"), "年月日", strict=False)
    return "".join(f"{int(number)}{unit}" for number, unit in parts if number)


def _japanese_pages(record: Record) -> str:
    if not paged(record):
        return ""
    first, last = record["page"], record["page_end"]
    place = f"{first}–{last}頁" if last > first else f"{first}頁"
    printed = printed_page(record["page_label"])
    if not printed:
        return f"PDF {place}"
    if printed == str(first):
        return place
    return f"{printed}頁{'以下' if last > first else ''}（PDF {place}）"


_DASHES = " \t\u3000-‐‑–—―−－ー~〜～・"


def printed_page(label: str | None) -> str:
    """Return the number in a printed page label (- 3 -, iii, 3頁), "" for none."""
    plain = unicodedata.normalize("NFKC", label or "").strip(_DASHES)
    return re.sub(r"(?:頁|ページ)$", "", plain).strip(_DASHES)


def paged(record: Record) -> bool:
    """Return whether the record's document has pages: a web page has none."""
    name = str(record["source"] or record["document"])
    return not name.lower().endswith((".html", ".htm", ".xhtml"))


# --- one entry per document --------------------------------------------------------------------


def by_document(records: Iterable[Record]) -> Iterator[tuple[Record, str, list[str]]]:
    """Yield for each document (first record, pages such as "1, 3–5", ids of its records).

    The `year` of the record is that of the document, None where all records are dated entries. The
    records must be in document order: the ids of one document only are held in memory.
    """
    for _, found in groupby(records, key=lambda record: record["document"]):
        first: Record | None = None
        year: int | None = None
        spans: set[tuple[int, int]] = set()
        ids: list[str] = []
        for record in found:
            first = first or record
            year = _stated_year(record) if year is None else year
            spans.add((record["page"], record["page_end"]))
            ids.append(record["id"])
        if first is not None:
            yield first | {"year": year}, pages_of(spans) if paged(first) else "", ids


def pages_of(spans: Iterable[tuple[int, int]]) -> str:
    """Return page spans as text (1, 3–5); spans that overlap or adjoin are joined."""
    joined: list[list[int]] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + 1:
            joined[-1][1] = max(joined[-1][1], last)
        else:
            joined.append([first, last])
    return ", ".join(f"{a}–{b}" if b > a else str(a) for a, b in joined)


def cite_key(document: str) -> str:
    """Return a BibTeX key for a document id: ASCII letters, digits and dashes, always equal."""
    name = re.sub(r"\.[a-z]+$", "", document.rpartition("/")[2].lower())
    readable = re.sub(r"[^a-z0-9]+", "-", name).strip("-")[:40].strip("-") or "document"
    import hashlib  # not needed by most commands

    return f"{readable}-{hashlib.sha256(document.encode('utf-8', 'replace')).hexdigest()[:8]}"


# BibTeX counts braces even after a backslash, so \{ alone would include what follows.
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
} | {char: f"\\{char}" for char in "&%$#_"}


def tex(text: str) -> str:
    """Return the value of a BibTeX field: one line, no controls, special characters escaped."""
    plain = " ".join(one_line(" ".join(text.split())).split())
    return "".join(_TEX.get(char, char) for char in plain)


def tex_url(url: str) -> str:
    """Return a URL for a verbatim BibTeX field, with braces as %7B and %7D."""
    return re.sub(
        r"[\s{}\\\x00-\x20\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]",
        lambda m: "".join(f"%{byte:02X}" for byte in m[0].encode()),
        url,
    )


_BIBTEX_TYPES = {"brochure": "booklet", "law": "misc", "notice": "misc", "meeting_record": "misc"}


def bibtex(records: Iterable[Record]) -> Iterator[str]:
    """Yield a BibTeX entry for each document, with the pages of its records."""
    for first, pages, ids in by_document(records):
        issued = (first["issued"] or "").split("-")
        year = issued[0] or str(first["year"] or "")
        who = tex(first["publisher"] or "")
        kind = _BIBTEX_TYPES.get(first["kind"], "techreport") if paged(first) else "misc"
        if kind == "techreport" and not who:
            kind = "misc"  # BibTeX requires an institution for a report
        fields = {
            "author": f"{{{who}}}" if who else "",
            "title": f"{{{tex(_title(first))}}}",
            "institution": who if kind == "techreport" else "",
            "year": year,
            "month": str(int(issued[1])) if len(issued) > 1 else "",
            "url": tex_url(first["url"] or ""),
            "note": tex(f"pp. {pages}" if "," in pages or "–" in pages else f"p. {pages}")
            if pages
            else "",
            "annote": tex(f"{first['document']}, sha256 {first['sha256']}; found: {len(ids)}"),
            "langid": "japanese",
        }
        lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
        yield f"@{kind}{{{cite_key(first['document'])},\n" + ",\n".join(lines) + "\n}\n\n"


_CSL_TYPES = {"brochure": "pamphlet", "law": "legislation", "notice": "document"}


def csl_items(records: Iterable[Record]) -> Iterator[dict[str, Any]]:
    """Yield a CSL-JSON item for each document; `locator` has the pages of its records.

    Follows the schema csl-data of CSL 1.0.2; what has no variable there (hash, ids) is in
    `custom`.
    """
    for first, pages, ids in by_document(records):
        kind = _CSL_TYPES.get(first["kind"], "report" if paged(first) else "webpage")
        parts = [int(part) for part in (first["issued"] or "").split("-") if part]
        if not parts and first["year"] is not None:
            parts = [first["year"]]
        item: dict[str, Any] = {
            "id": cite_key(first["document"]),
            "type": kind,
            "title": _title(first),
            "author": [{"literal": first["publisher"]}] if first["publisher"] else [],
            "publisher": first["publisher"] or "",
            "issued": {"date-parts": [parts]} if parts else {},
            "URL": first["url"] or "",
            "locator": pages,
            "language": "ja",
            "custom": {"document": first["document"], "sha256": first["sha256"], "ids": ids},
        }
        yield {name: value for name, value in item.items() if value}


def csl_json(records: Iterable[Record]) -> Iterator[str]:
    """Yield the lines of a JSON array of CSL-JSON items, one item a line."""
    before = "["
    for item in csl_items(records):
        yield f"{before}\n{dumps(item)}"
        before = ","
    yield "\n]\n" if before == "," else "[]\n"
