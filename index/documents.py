"""The list of documents, read from parsed/ itself: it names what could not be read, too."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from index.build import parsed_files
from index.records import UnreadableDocumentError, stated_year
from ingest.model import Box, IsoDate, Parsed, PlaceProblem, Problem, Source
from ingest.terms import Kind

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
    listed: dict[str, str] | UnsetType = UNSET

    @property
    def shown_year(self) -> int | None:
        """The year that its passages carry where they have no date of their own."""
        return stated_year(self.issued, self.year, self.fiscal_year)

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
            "year": self.shown_year,
            "pages": self.pages,
            "passages": len(self.passages),
            "source": self.sources[0].path if self.sources else None,
            "url": self.sources[0].url if self.sources else None,
            "listed": sorted(self.listed or {}),
            "withdrawn": msgspec.to_builtins(self.withdrawn),
            "sha256": self.sha256,
            "stale": self.stale,
            "problems": [msgspec.to_builtins(problem) for problem in self.problems],
        } | account


@dataclass(frozen=True)
class Listing:
    """The documents in the order of their ids, and what is wrong beside them.

    `places` are files, directories and links under raw/ that are no documents, `unreadable` the
    files under parsed/ that are none, each with the reason.
    """

    documents: tuple[DocumentHead, ...]
    unreadable: tuple[tuple[str, str], ...] = ()
    places: tuple[PlaceProblem, ...] = ()

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
    unreadable: list[tuple[str, str]] = []
    for name, path in parsed_files(data).items():
        try:
            heads.append(read_head(Path(path)))
        except FileNotFoundError:
            continue  # removed by an ingest that runs at the same time
        except UnreadableDocumentError as error:
            unreadable.append((f"parsed/{name}.json", str(error)))
    return Listing(tuple(heads), tuple(unreadable), _places(data))


def _damaged(file: tuple[str, str]) -> PlaceProblem:
    place, reason = file
    return PlaceProblem(place, Problem("parsed", reason, UnreadableDocumentError.remedy))


def _places(data: Path) -> tuple[PlaceProblem, ...]:
    try:
        raw = (data / "runs" / "problems.json").read_bytes()
        return msgspec.json.decode(raw, type=tuple[PlaceProblem, ...])
    except FileNotFoundError:
        return ()  # nothing is wrong
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ()  # the next ingest writes it anew


def read_head(path: Path) -> DocumentHead:
    """Read the head of one parsed document.

    Raises:
        UnreadableDocumentError: it is no parsed document.

    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=DocumentHead)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableDocumentError(f"{path} is not a parsed document: {error}") from error


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
        raw = (data / "parsed" / f"{name}.json").read_bytes()
        return msgspec.json.decode(raw, type=Unindexed)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Unindexed()
