"""Opens Whoosh indexes without running what a pickle names.

Whoosh keeps its table of contents (`_MAIN_N.toc`) as two pickles, the schema and the list of
segments, and an unpickler runs whatever code a pickle names. An index may have been handed over by
somebody else. So this program gives Whoosh the schema, which is then not read from the file, and a
storage whose files read pickles by an unpickler that knows one class. Segment files have no pickle.
"""

import pickle
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import FileIndex

from shisaku.index.errors import damaged

_CLASSES = {("shisaku.index.engine.whoosh.codec.whoosh_codec", "PassageSegment")}
"""Module and name of each class that may be named; numbers, texts and lists need no name."""


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _CLASSES:
            raise pickle.UnpicklingError(f"it names {module}.{name}, which belongs in no index")
        return super().find_class(module, name)


def load(file: BinaryIO) -> Any:
    """Read one pickle from `file`; raises `pickle.UnpicklingError` where it names another class."""
    return _Unpickler(file).load()


class _CheckedFile(StructFile):  # type: ignore[misc]
    """A Whoosh file that reads pickles by `load`."""

    def read_pickle(self) -> Any:
        """Read one pickle."""
        return load(self.file)


class _CheckedStorage(FileStorage):  # type: ignore[misc]
    """A folder whose files are opened as `_CheckedFile`s."""

    def open_file(self, name: str, **options: Any) -> _CheckedFile:
        """Open a file to read; a table of contents is read at once, so that none stays open.

        Whoosh does not close one that it cannot read.
        """
        path = Path(self.folder) / name
        file = BytesIO(path.read_bytes()) if path.suffix == ".toc" else path.open("rb")
        return _CheckedFile(file, name=name, **options)


def create_checked(folder: Path, schema: Any) -> Any:
    """Create an empty Whoosh index of a schema in `folder`, which exists; raises OSError."""
    return FileIndex.create(_CheckedStorage(str(folder)), schema)


def open_checked(folder: Path, schema: Any, *, readonly: bool = False) -> Any:
    """Open the Whoosh index in `folder`; `schema` stands for the one that is pickled there.

    Raises:
        OSError: a file cannot be read.
        BrokenIndexError: its table of contents is none, or names what does not belong there.

    """
    try:
        return FileIndex(_CheckedStorage(str(folder), readonly=readonly), schema=schema)
    except OSError:
        raise
    # A pickle that is cut or altered can raise anything: EOFError, IndexError, struct.error, …
    except Exception as error:
        raise damaged(folder / "_MAIN.toc", f"{type(error).__name__}: {error}") from error
