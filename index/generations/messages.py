"""The messages between the process that builds an index and its workers, over pipes.

A worker gets an order to write the passages of parsed files (`Write`); then one worker gets the
order to close the generation (`Close`). It names each file that it begins (`Begun`), so that the
parent knows at which file a worker died or hangs. Messages are packed by `ingest.children.frame`;
paths are bytes, because a directory may have a name that is not UTF-8.
"""

import msgspec

from shisaku.index.engine.whoosh.codec.segment_map import Held
from shisaku.index.generations.manifest import Refused
from shisaku.index.records.entries import Entry


class Limits(msgspec.Struct, frozen=True):
    """Limits of indexing one document: seconds, and MB of memory of the worker process."""

    seconds: float = 120.0
    memory_mb: int = 1024


class Write(msgspec.Struct, frozen=True, tag=True):
    """Write the passages of `todo` (paths by name) into the index in `folder`.

    The folder is new, or holds the segments of the generation `last`; then the documents of the
    files `gone` (names) are taken out. `entries` and `refused` are those of the last manifest for
    all these names; `odd` has the names of its files by document id, where the two differ. (To
    decode a manifest of ten thousand entries takes as long as to index a document.) A `trial`
    commits nothing.
    """

    folder: bytes
    todo: dict[str, bytes]
    gone: tuple[str, ...] = ()
    last: bytes = b""
    entries: dict[str, Entry] = {}
    refused: dict[str, Refused] = {}
    odd: dict[str, str] = {}
    trial: bool = False


class Close(msgspec.Struct, frozen=True, tag=True):
    """Move the segments of `folders` into `generation`, list all segments and check them.

    `passages` is the number that there must be in all, `counts` those of some documents by id.
    `sums` are the block checksums of the files of the last generation, by name.
    """

    generation: bytes
    folders: tuple[bytes, ...]
    passages: int
    counts: dict[str, int]
    sums: dict[str, bytes]


class Ready(msgspec.Struct, frozen=True, tag=True):
    """The worker is ready for its first order."""


class Begun(msgspec.Struct, frozen=True, tag=True):
    """The worker begins the file of this name; "": the work after all files."""

    name: str


class Written(msgspec.Struct, frozen=True, tag=True):
    """The result of `Write`: entries, refused files, and reasons of unreadable files, by name.

    `dropped` are names whose entry is no longer valid; then numbers of passages.
    """

    entries: dict[str, Entry]
    refused: dict[str, Refused]
    unread: dict[str, str]
    dropped: tuple[str, ...]
    added: int
    changed: int
    removed: int


class Closed(msgspec.Struct, frozen=True, tag=True):
    """The result of `Close`; `fault` is a sentence on the generation, "" for none."""

    segments: tuple[Held, ...]
    fault: str


class Failed(msgspec.Struct, frozen=True, tag=True):
    """The order failed; `kind` says why.

    "memory" and "internal": at the document begun last; "disk": a system error, with `errno` and
    the path in `detail`; "broken": the last generation cannot be read. The parent adds "timeout"
    and "crash".
    """

    kind: str
    what: str
    errno: int = 0
    detail: bytes = b""


Order = Write | Close
Said = Ready | Begun | Written | Closed | Failed
