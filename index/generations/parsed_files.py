"""The files of parsed/ that hold documents, by name."""

from pathlib import Path

from shisaku.index.errors import NoIndexError
from shisaku.ingest.disk.files import is_utf8, walk
from shisaku.ingest.errors import to_type

_SUFFIX = ".json"


def parsed_files(data: Path, odd: dict[str, str] | None = None) -> dict[str, str]:
    """Return the paths of the parsed files by name, in order.

    The name is the path under parsed/ without .json: the document's id, unless no file could have
    that name. Links to directories are not followed and go into `odd` with the reason.

    Raises:
        NoIndexError: there is no parsed/ at all.
        OSError: a directory cannot be listed; one that is passed over would seem to be empty.

    """
    root = data / "parsed"
    if not root.is_dir():
        raise NoIndexError(
            f"{root} does not exist: nothing has been parsed",
            f"put files under {data / 'raw'}, then type: {to_type('update', data)}",
        )
    found = {}
    for name, path in walk(root):
        # What begins with a dot is being written, or is not a document; nor is one whose name is
        # no text: someone else put it there.
        if name.startswith(".") or "/." in name or not is_utf8(name):
            continue
        if odd is not None and not name.endswith(_SUFFIX) and Path(path).is_dir():
            odd[name] = "It is a link to a directory, which is not followed"
        if name.endswith(_SUFFIX):
            found[name.removesuffix(_SUFFIX)] = path
    return dict(sorted(found.items()))
