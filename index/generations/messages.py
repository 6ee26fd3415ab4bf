"""What the process that builds an index and its workers say to each other, over pipes.

A worker is told to write the passages of some parsed files (`Write`), then, one of them, to close
the generation (`Close`). It names each file that it begins (`Begun`), so that whoever waits knows
at which file a worker died or hangs. Messages go as `ingest.children.frame` packs them; paths as
the system has them, as a directory above may have a name that is no UTF-8.
"""

import msgspec

from shisaku.index.engine.whoosh.codec.segment_map import Held
from shisaku.index.generations.manifest import Refused
from shisaku.index.records.entries import Entry


class Limits(msgspec.Struct, frozen=True):
    """What indexing one document may take: seconds, and MB of memory of the worker's own."""

    seconds: float = 120.0
    memory_mb: int = 1024


class Write(msgspec.Struct, frozen=True, tag=True):
    """Write the passages of `todo` (paths by name) into the index in `folder`.

    It is new, or, where `last` names the generation that it begins as, holds that one's segments;
    then what the names `gone` held is taken out. `entries` and `refused` are what the last manifest
    has of all these names, `odd` the names of its documents whose id is another than their file's
    name. (To decode a manifest of ten thousand entries takes as long as to index a document.) A
    `trial` commits nothing.
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
    """Move the segments of `folders` into `generation`, list all segments and try them.

    `passages` is how many there must be in all, `counts` how many of some documents by their ids.
    `sums` are the checksums of files that were there before, by name.
    """

    generation: bytes
    folders: tuple[bytes, ...]
    passages: int
    counts: dict[str, int]
    sums: dict[str, bytes]


class Ready(msgspec.Struct, frozen=True, tag=True):
    """The worker has come up."""


class Begun(msgspec.Struct, frozen=True, tag=True):
    """The worker goes on with the file of this name, or, where it is "", with what follows them."""

    name: str


class Written(msgspec.Struct, frozen=True, tag=True):
    """What `Write` did: entries by name, what was refused, what could not be opened, and why.

    `dropped` are names whose entry is no longer true; then passages by what became of them.
    """

    entries: dict[str, Entry]
    refused: dict[str, Refused]
    unread: dict[str, str]
    dropped: tuple[str, ...]
    added: int
    changed: int
    removed: int


class Closed(msgspec.Struct, frozen=True, tag=True):
    """What `Close` did; `fault` says what is wrong with the generation, "" for nothing."""

    segments: tuple[Held, ...]
    fault: str


class Failed(msgspec.Struct, frozen=True, tag=True):
    """The work cannot go on; `kind` says whose fault it is.

    "memory" and "internal" are the document's that was begun last, "disk" has the number of the
    system's error in `errno` and its file in `detail`, "broken" is the last generation's.
    """

    kind: str
    what: str
    errno: int = 0
    detail: bytes = b""


Order = Write | Close
Said = Ready | Begun | Written | Closed | Failed
