"""The list of documents, read from parsed/ itself: it names what could not be read, too."""

from dataclasses import dataclass, replace
from pathlib import Path
from shlex import quote
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from shisaku.index.errors import BrokenIndexError, UnreadableDocumentError
from shisaku.index.generations.manifest import current, read_manifest
from shisaku.index.generations.parsed_files import parsed_files
from shisaku.index.records.passages import stated_year
from shisaku.ingest.disk.files import UNDECODABLE, read_regular
from shisaku.ingest.errors import to_type
from shisaku.ingest.model import Basis, Box, IsoDate, Parsed, PlaceProblem, Problem, Source
from shisaku.ingest.terms import Kind
from shisaku.ingest.text.terminal import one_line

_REASON = 200
"""Characters of what is said of a damaged file; it may repeat a part of it."""
LEDGER_TOTALS = ("visible", "passages", "headings", "lost", "invented", "repeated")
"""What a ledger counts beside the kinds of furniture."""


class _Counted(msgspec.Struct):
    """A passage of which nothing but its being there matters: decoding skips the rest."""


class DocumentHead(Parsed, msgspec.Struct, frozen=True):
    """A parsed document without its content."""

    id: str
    sha256: str
    sources: tuple[Source, ...]
    title: str
    kind: Kind = "other"
    plan: str | None = None
    plan_series: str | None = None
    publisher: str | None = None
    issued: IsoDate | None = None
    year: int | None = None
    fiscal_year: int | None = None
    pages: int = 0
    measures: tuple[_Counted, ...] = ()
    passages: tuple[_Counted, ...] = ()
    problems: tuple[Problem, ...] = ()
    stale: bool = False
    ledger: dict[str, int] = {}
    contents: dict[str, int] = {}
    basis: dict[str, Basis] = {}
    items: dict[str, int] | UnsetType = UNSET
    listed: dict[str, str] | UnsetType = UNSET

    @property
    def shown_year(self) -> int | None:
        """The year that its passages carry where they have no date of their own."""
        return stated_year(self.issued, self.year, self.fiscal_year)

    @property
    def items_read(self) -> str:
        """Of a plan or follow-up the share of items with measure and ministries: "98 %"."""
        if not self.items:
            return ""
        read = self.items["with_both" if self.items["bodies"] else "with_measure"]
        return f"{100 * read // self.items['items']} %"

    @property
    def furniture(self) -> dict[str, int]:
        """The ledger's kinds beside passages and headings: what the page needs, not the text."""
        return {kind: n for kind, n in self.ledger.items() if kind not in LEDGER_TOTALS}

    def to_json(self, *, ledger: bool = False) -> dict[str, Any]:
        """Give the entry of `docs --json`, with the `ledger` and the `contents` if wanted."""
        account = {"ledger": self.ledger, "contents": self.contents} if ledger else {}
        return {
            "id": self.id,
            "title": self.title,
            "kind": self.kind,
            "plan": self.plan,
            "publisher": self.publisher,
            "issued": self.issued,
            "year": self.shown_year,
            "pages": self.pages,
            "passages": len(self.passages),
            "source": self.sources[0].path if self.sources else None,
            "url": self.sources[0].url if self.sources else None,
            "listed": sorted(self.listed or {}),
            "guessed": sorted(name for name, basis in self.basis.items() if basis.guessed),
            "basis": {
                name: msgspec.to_builtins(basis) for name, basis in sorted(self.basis.items())
            },
            "withdrawn": msgspec.to_builtins(self.withdrawn),
            "sha256": self.sha256,
            "stale": self.stale,
            "problems": [msgspec.to_builtins(problem) for problem in self.problems],
            "items": self.items or None,
        } | account


@dataclass(frozen=True)
class Listing:
    """The documents in the order of their ids, and what is wrong beside them.

    `places` are files, directories and links under raw/ that are no documents, `unreadable` the
    files under parsed/ that are none, each with the reason and what to do.
    """

    documents: tuple[DocumentHead, ...]
    unreadable: tuple[tuple[str, str, str], ...] = ()
    places: tuple[PlaceProblem, ...] = ()

    def with_problems(self) -> "Listing":
        """Return the listing with those documents alone that have problems or are stale."""
        heads = tuple(head for head in self.documents if head.problems or head.stale)
        return replace(self, documents=heads)

    def to_json(self, *, ledger: bool = False) -> dict[str, Any]:
        """Give what `docs --json` prints; `ledger` as in `DocumentHead.to_json`."""
        return {
            "documents": [head.to_json(ledger=ledger) for head in self.documents],
            "problems": [
                {"source": place.source} | msgspec.to_builtins(place.problem)
                for place in [*self.places, *map(_damaged, self.unreadable)]
            ],
        }


def list_documents(data: Path) -> Listing:
    """Read the head of every parsed document.

    Raises:
        NoIndexError: there is no parsed/.

    """
    heads: list[DocumentHead] = []
    unreadable: list[tuple[str, str, str]] = []
    for name, path in parsed_files(data).items():
        try:
            heads.append(read_head(Path(path)))
        except FileNotFoundError:
            continue  # removed by an ingest that runs at the same time
        except UnreadableDocumentError as error:
            unreadable.append((f"parsed/{name}.json", str(error), error.remedy))
    return Listing(tuple(heads), (*unreadable, *_left_out(data)), _places(data))


def _left_out(data: Path) -> list[tuple[str, str, str]]:
    """Return the parsed files at which indexing failed: place, reason, remedy."""
    try:
        generation = current(data)
        refused = read_manifest(generation).refused if generation else {}
    except (OSError, BrokenIndexError):
        return []  # `status` tells what is wrong with the index
    remedy = f"type: {to_type('index --rebuild --timeout 600 --memory 4096', data)}"
    return [
        (f"parsed/{name}.json", f"It is not in the index: {each.reason}", remedy)
        for name, each in refused.items()
        if each.code not in ("parsed", "copy")
    ]


def _damaged(file: tuple[str, str, str]) -> PlaceProblem:
    place, reason, remedy = file
    return PlaceProblem(place, Problem("parsed", reason, remedy))


def _places(data: Path) -> tuple[PlaceProblem, ...]:
    try:
        raw = read_regular(data / "runs" / "problems.json")
        return msgspec.json.decode(raw, type=tuple[PlaceProblem, ...])
    except FileNotFoundError:
        return ()  # nothing is wrong
    except (OSError, *UNDECODABLE) as error:
        reason = f"It cannot be read: {one_line(str(error))[:_REASON]} (読めません)."
        remedy = "Type `shisaku ingest`, which writes it anew; a directory has to be moved away."
        problem = Problem("places", reason, remedy, failed=False)
        return (PlaceProblem("runs/problems.json", problem),)


def read_head(path: Path) -> DocumentHead:
    """Read the head of one parsed document.

    Raises:
        UnreadableDocumentError: it is no parsed document, or cannot be opened.
        FileNotFoundError: it is not there.

    """
    try:
        head = msgspec.json.decode(read_regular(path), type=DocumentHead)
        head.shown_year  # noqa: B018 - a date that is none raises here and not in the list
    except FileNotFoundError:
        raise
    except OSError as error:
        reason = f"{path} cannot be opened: {error.strerror or error}"
        look = f"type: ls -ld {quote(str(path))}; it must be a file that may be read"
        raise UnreadableDocumentError(reason, look) from error
    except UNDECODABLE as error:
        raise UnreadableDocumentError(
            f"{path} is not a parsed document: {str(error)[:_REASON]}"
        ) from error
    return head


class _Boxed(msgspec.Struct):
    id: str
    boxes: tuple[Box, ...] = ()


class Unindexed(Parsed, msgspec.Struct):
    """What the index does not hold of a document, as no search needs it."""

    sources: tuple[Source, ...] = ()
    problems: tuple[Problem, ...] = ()
    passages: tuple[_Boxed, ...] = ()

    def boxes(self) -> dict[str, list[dict[str, Any]]]:
        """Give where each passage stands on its pages, by id: `page`, a rectangle in points."""
        return {
            passage.id: [msgspec.to_builtins(box) for box in passage.boxes]
            for passage in self.passages
        }


def read_unindexed(data: Path, name: str) -> Unindexed:
    """Read it from the parsed file of that name (see `parsed_files`).

    Without the file nothing is known, and where it has been parsed anew a passage may be missing.
    """
    try:
        raw = read_regular(data / "parsed" / f"{name}.json")
        return msgspec.json.decode(raw, type=Unindexed)
    except (OSError, *UNDECODABLE):
        return Unindexed()
