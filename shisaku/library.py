"""The public API over an index: `open_index` and what an open index answers.

Names of ministries, plans, years, kinds and states are taken as people write them, as by the
options of the command line; both lead to the same `Request`. Records are dictionaries with the
fields of docs/schema.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack, get_args

from shisaku.answers import Counted, Exported, Found, export_header, with_schema
from shisaku.index.engine.aliases import AliasEntry
from shisaku.index.engine.base import Sort, UnitName
from shisaku.index.errors import FilterError
from shisaku.index.query.plan import MatchOptions
from shisaku.index.records.filters import Filters
from shisaku.index.search.names import resolve_field
from shisaku.index.search.searcher import Searcher
from shisaku.index.search.selection import Request
from shisaku.index.search.session import Closing, Record
from shisaku.opening import existing_directory, known, searcher

if TYPE_CHECKING:
    from shisaku.index.search.documents import Listing

Names = str | Iterable[str]
"""A name, or several of which one has to hold."""
Years = int | str | Iterable[int | str]
"""A year (2011, "平成23", "H23"), a span of years ("2009..2014"), or several of them."""


class Named(TypedDict, total=False):
    """The filters by name: OR within one, AND across them."""

    ministry: Names
    """Ministries and agencies: 警察庁, NPA, National Police Agency; a ministry has its bureaus."""
    plan: Names
    """Plans or series of plans."""
    year: Years
    """Calendar years."""
    fiscal_year: Years
    """Fiscal years (年度)."""
    kind: Names
    """Kinds of document: follow_up, フォローアップ, …"""
    status: Names
    """done or ◎, pending or ○, of the items of a follow-up."""
    document: Names
    """Document ids."""


class Asked(Named, total=False):
    """What narrows a search, and how its words are meant."""

    unit: UnitName
    """What is searched, counted and given: "passage" (default) or whole "measure"."""
    exact: bool
    """Search no synonyms and abbreviations."""
    words_only: bool
    """Leave out what stands inside other words only (京都 in 東京都)."""
    text_only: bool
    """Search the text alone: headings, measure titles and document titles do not count."""


def open_index(data: str | os.PathLike[str], *, rolled: bool = True) -> "Index":
    """Open the index of a data directory for reading.

    It reads the generation that is in place now until it is closed, whatever is swapped in later.
    With `rolled` false records have their ministries as printed under `ministries_rolled`, which is
    faster; filters and counts are the same.

    Raises:
        DataDirectoryError: there is no such directory.
        NoIndexError: nothing has been indexed yet; see `shisaku.update`.
        IndexVersionError: the index is another version's.
        BrokenIndexError: the index cannot be read.

    Example:
        >>> with shisaku.open_index("data") as index:
        ...     index.search("人身取引", ministry="警察庁").total
        5

    """
    return Index(searcher(existing_directory(data), rolled=rolled))


class Index(Closing):
    """An open index: what `shisaku search`, `facets`, `export`, `show` and `aliases` ask.

    Each question takes a query (None: all that the filters admit) in the syntax of docs/search.md,
    `Filters` with canonical names or filters by name (`Named`), and options (`Asked`); or a
    `Request` alone. All of them raise:

    - QueryError: the query cannot be read; the message names the place.
    - FilterError: a filter, or a field of the query, names what nobody knows.
    - BrokenIndexError: a file of the index is damaged.
    """

    def __init__(self, opened: Searcher) -> None:
        self._opened = opened

    @property
    def data(self) -> Path:
        """The data directory."""
        return self._opened.data

    def close(self) -> None:
        """Let go of the files of the index; afterwards nothing can be asked."""
        self._opened.close()

    # --- what is asked -------------------------------------------------------------------------

    def request(
        self,
        query: str | Request | None = None,
        filters: Filters | None = None,
        **asked: Unpack[Asked],
    ) -> Request:
        """Return what the arguments of a question ask for, names resolved to canonical ones.

        Names are added to what `filters` have. A `Request` as `query` is given back as it is.

        Raises:
            FilterError: neither the registry nor the index knows a name.
            TypeError: something stands beside a `Request`.

        Example:
            >>> index.request("研修", ministry="NPA", year="平成23").filters
            Filters(ministry=('警察庁',), ..., year=((2011, 2011),), ...)

        """
        if isinstance(query, Request):
            if filters is not None or asked:
                raise TypeError("a Request holds filters and options already")
            return query
        names: dict[str, Any] = dict(asked)
        unit: UnitName = names.pop("unit", "passage")
        if unit not in get_args(UnitName):
            raise ValueError(f"unit is 'passage' or 'measure', not {unit!r}")
        options = MatchOptions(
            exact=names.pop("exact", False),
            words_only=names.pop("words_only", False),
            text_only=names.pop("text_only", False),
        )
        if unknown := names.keys() - Named.__annotations__.keys():
            raise TypeError(f"there is no filter or option {', '.join(sorted(unknown))}")
        return Request(query, self._filters(filters or Filters(), names), unit, options)

    def _filters(self, given: Filters, names: dict[str, Any]) -> Filters:
        """Return the filters given with those added that are named."""
        found = {name: list(getattr(given, name)) for name in Filters.__struct_fields__}
        for name, values in names.items():
            for value in _several(values):
                if name == "year" and "年度" in value:
                    raise FilterError(f"{value} is a fiscal year", "name it under fiscal_year")
                one = resolve_field(self._opened, known(), name, value)
                found[name] += getattr(one, name)
        return Filters(**{name: tuple(dict.fromkeys(some)) for name, some in found.items()})

    # --- answers -------------------------------------------------------------------------------

    def search(
        self,
        query: str | Request | None = None,
        filters: Filters | None = None,
        *,
        limit: int = 10,
        offset: int = 0,
        sort: Sort = "relevance",
        facets: bool = True,
        **asked: Unpack[Asked],
    ) -> Found:
        """Find passages or measures: a page of `limit` hits behind the first `offset`.

        The best stand first, or with `sort="date"` the newest; without a query they stand in
        document order. `total` and the counts in `facets` are exact, over all matches; a facet's
        counts ignore its own filter. Without `facets` they are not made.

        Example:
            >>> found = index.search("人身取引 -旅券", ministry="警察庁", limit=3)
            >>> found.total, found.hits[0]["id"], found.hits[0]["page"]

        """
        wanted = self.request(query, filters, **asked)
        if limit < 0 or offset < 0:
            raise ValueError("limit and offset are 0 or more")
        if sort not in get_args(Sort):
            raise ValueError(f"sort is 'relevance' or 'date', not {sort!r}")
        results = self._opened.answer(
            wanted, limit=limit, offset=offset, sort=sort, with_facets=facets
        )
        return Found.of(wanted, results, offset, limit)

    def facets(
        self,
        query: str | Request | None = None,
        filters: Filters | None = None,
        *,
        by: Names = (),
        **asked: Unpack[Asked],
    ) -> Counted:
        """Count matches by facet: `by` names one or more, by default all of them.

        Facets are ministry, plan, plan_series, year, kind, status, document. With two in `by`,
        `cross` is their table. The other filters count, a facet's own does not, so that one sees
        what widening it would bring.

        Raises:
            FilterError: `by` names no facet, or one twice.

        Example:
            >>> cross = index.facets("人身取引", by=("ministry", "year")).cross
            >>> pandas.DataFrame(
            ...     cross.counts,
            ...     index=[row["value"] for row in cross.rows],
            ...     columns=[column["value"] for column in cross.columns],
            ... )

        """
        from shisaku.index.search.facets import OWN_FILTER

        names = _several(by)
        if unknown := [name for name in names if name not in OWN_FILTER]:
            raise FilterError(
                f"there is no facet {unknown[0]}", f"there are {', '.join(OWN_FILTER)}"
            )
        if len(set(names)) < len(names):
            raise FilterError("a facet is named twice", "name each once")
        wanted = self.request(query, filters, **asked)
        found = self._opened.select(wanted)
        return Counted(
            wanted,
            found.total,
            found.facets(*names),
            found.cross(*names) if len(names) == 2 else None,
            found.notices,
            self._opened.expanded(found, wanted.options),
            self._opened.suggestions(found, wanted),
        )

    def export(
        self,
        query: str | Request | None = None,
        filters: Filters | None = None,
        *,
        cite: bool = False,
        **asked: Unpack[Asked],
    ) -> Exported:
        """Give every match in document order, one record after the other, or write it to a file.

        With `cite` each record has a `citation` in Japanese style.

        Example:
            >>> table = pandas.DataFrame(index.export(status="pending"))
            >>> index.export(status="pending").write("pending.csv", "csv")

        """
        wanted = self.request(query, filters, **asked)
        found = self._opened.select(wanted)
        header = export_header(self._opened, wanted, found)
        return Exported(wanted, found, header, cite=cite)

    # --- by name -------------------------------------------------------------------------------

    def show(self, key: str) -> dict[str, Any]:
        """Return a passage, a measure or a document by its id, in its context, with a citation.

        A passage has `passage`, `before`, `after`; a measure `measure`, `passages`; a document,
        which a path under the data directory names as well, `document`. An id that an older
        reading of the document gave finds what holds its words now, and `moved` names all that
        do. Passages have their `boxes`: page, and a rectangle in points from the page's top left
        corner. This is what
        `shisaku show --json` prints (docs/schema/show.schema.json).

        Raises:
            UnknownIdError: nothing has this id; the remedy names what is near.

        """
        from shisaku.index.search.context import find

        return with_schema(find(self._opened, self.data, key))

    def passage(self, key: str) -> Record:
        """Return the record of the passage with this id.

        Raises:
            UnknownIdError: no passage has this id.

        """
        from shisaku.index.errors import UnknownIdError

        record = self._opened.passage(key)
        if record is None:
            raise UnknownIdError(f"no passage has the id {key}", "take an id from a search")
        return record

    def documents(self) -> "Listing":
        """Return the documents under parsed/, with what is wrong with them; see `documents`."""
        return documents(self.data)

    def aliases(self, word: str | None = None) -> Iterator[AliasEntry]:
        """Yield the short names that the documents define, or those of one word, with where.

        Example:
            >>> [entry.long for entry in index.aliases("IOM")]
            ['国際移住機関']

        """
        return self._opened.aliases(word)

    def aliases_json(self, word: str | None = None) -> dict[str, Any]:
        """Return what `shisaku aliases --json` prints.

        Beside the `aliases` of a word it has `synonyms`, which come with the program.
        """
        from shisaku.index.analysis.folding import search_key
        from shisaku.index.analysis.synonyms import synonyms

        asked: dict[str, Any] = {}
        if word is not None:
            asked = {"word": word, "synonyms": list(synonyms(search_key(word)))}
        found = [
            {
                "short": entry.short,
                "long": entry.long,
                "passages": list(entry.passages),
                "documents": list(entry.documents),
                "holds": entry.holds,
            }
            for entry in self.aliases(word)
        ]
        return with_schema(asked | {"aliases": found})


def documents(data: str | os.PathLike[str]) -> "Listing":
    """Read the list of documents from parsed/, without an index.

    `documents` are their heads (id, title, kind, plan, publisher, pages, problems, …), in the order
    of their ids; `places` and `unreadable` are what is wrong beside them. `to_json` gives what
    `shisaku docs --json` prints.

    Raises:
        DataDirectoryError: there is no such directory.
        NoIndexError: nothing has been parsed yet.

    """
    from shisaku.index.search.documents import list_documents

    return list_documents(existing_directory(data))


def _several(values: int | str | Iterable[int | str]) -> tuple[str, ...]:
    return (str(values),) if isinstance(values, int | str) else tuple(map(str, values))
