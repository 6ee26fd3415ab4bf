"""Plans, follow-ups and meeting records of Japanese ministries (施策): parsed, searched, cited.

    import shisaku

    shisaku.update("data")  # data/raw/**.pdf .html → data/parsed → data/index
    with shisaku.open_index("data") as index:
        found = index.search("人身取引", ministry="警察庁", limit=3)
        print(found.total, [hit["text"] for hit in found.hits])

docs/api.md has more. What is named in `__all__` is the public API; each name is loaded when it is
first asked for, so that `import shisaku` alone loads nothing.

The folders of the checkout are installed and imported under this name (`shisaku.ingest`,
`shisaku.index`, `shisaku.commands`, `shisaku.cli`), so that nothing depends on top-level names such
as `index`. In the checkout they are symbolic links to the folders beside this one. Trap:
`shisaku.ingest` and `shisaku.index` are these packages and no functions; what they do for a user is
`ingest_documents` and `build_index`.
"""

# Set to true by type checkers; `typing` itself would take longer to import than this module.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from shisaku.answers import SCHEMA, Counted, Exported, Found
    from shisaku.index.engine.aliases import AliasEntry
    from shisaku.index.errors import (
        BrokenIndexError,
        BuildError,
        CopiedDocumentError,
        FilterError,
        IndexVersionError,
        NoIndexError,
        QueryError,
        UnknownIdError,
        UnreadableDocumentError,
        UnreadableIndexError,
    )
    from shisaku.index.generations.build_report import IndexReport
    from shisaku.index.query.plan import MatchOptions
    from shisaku.index.records.filters import Filters
    from shisaku.index.search.documents import DocumentHead, Listing
    from shisaku.index.search.facets import Cross
    from shisaku.index.search.selection import Request
    from shisaku.ingest.batch.batch import NothingToReadError
    from shisaku.ingest.batch.discover import UnlistedError
    from shisaku.ingest.batch.report import IngestReport
    from shisaku.ingest.children import WorkerError
    from shisaku.ingest.disk.failures import DiskError
    from shisaku.ingest.disk.lock import LockedError
    from shisaku.ingest.disk.removals import RemovalError
    from shisaku.ingest.errors import ShisakuError, Stopped
    from shisaku.library import Index, documents, open_index
    from shisaku.opening import DataDirectoryError
    from shisaku.version import __version__
    from shisaku.writing import UpdateReport, build_index, ingest_documents, update
else:

    def __getattr__(name: str) -> object:
        """Load what `__all__` names when it is first asked for.

        Raises:
            AttributeError: there is no such name.

        """
        if name not in _WHERE:
            raise AttributeError(f"module 'shisaku' has no attribute {name!r}")
        from importlib import import_module

        found = globals()[name] = getattr(import_module(f"shisaku.{_WHERE[name]}"), name)
        return found

    def __dir__() -> list[str]:
        """Give the names that there are, loaded or not."""
        return sorted({*globals(), *__all__})


_WHERE = {
    "AliasEntry": "index.engine.aliases",
    "BrokenIndexError": "index.errors",
    "BuildError": "index.errors",
    "CopiedDocumentError": "index.errors",
    "Counted": "answers",
    "Cross": "index.search.facets",
    "DataDirectoryError": "opening",
    "DiskError": "ingest.disk.failures",
    "DocumentHead": "index.search.documents",
    "Exported": "answers",
    "FilterError": "index.errors",
    "Filters": "index.records.filters",
    "Found": "answers",
    "Index": "library",
    "IndexReport": "index.generations.build_report",
    "IndexVersionError": "index.errors",
    "IngestReport": "ingest.batch.report",
    "Listing": "index.search.documents",
    "LockedError": "ingest.disk.lock",
    "MatchOptions": "index.query.plan",
    "NoIndexError": "index.errors",
    "NothingToReadError": "ingest.batch.batch",
    "QueryError": "index.errors",
    "RemovalError": "ingest.disk.removals",
    "Request": "index.search.selection",
    "SCHEMA": "answers",
    "ShisakuError": "ingest.errors",
    "Stopped": "ingest.errors",
    "UnknownIdError": "index.errors",
    "UnlistedError": "ingest.batch.discover",
    "UnreadableDocumentError": "index.errors",
    "UnreadableIndexError": "index.errors",
    "UpdateReport": "writing",
    "WorkerError": "ingest.children",
    "__version__": "version",
    "build_index": "writing",
    "documents": "library",
    "ingest_documents": "writing",
    "open_index": "library",
    "update": "writing",
}
"""The module below `shisaku` in which each name of `__all__` is; as in the imports above."""

__all__ = [
    "SCHEMA",
    "AliasEntry",
    "BrokenIndexError",
    "BuildError",
    "CopiedDocumentError",
    "Counted",
    "Cross",
    "DataDirectoryError",
    "DiskError",
    "DocumentHead",
    "Exported",
    "FilterError",
    "Filters",
    "Found",
    "Index",
    "IndexReport",
    "IndexVersionError",
    "IngestReport",
    "Listing",
    "LockedError",
    "MatchOptions",
    "NoIndexError",
    "NothingToReadError",
    "QueryError",
    "RemovalError",
    "Request",
    "ShisakuError",
    "Stopped",
    "UnknownIdError",
    "UnlistedError",
    "UnreadableDocumentError",
    "UnreadableIndexError",
    "UpdateReport",
    "WorkerError",
    "__version__",
    "build_index",
    "documents",
    "ingest_documents",
    "open_index",
    "update",
]
