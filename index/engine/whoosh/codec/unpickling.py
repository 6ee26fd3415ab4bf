"""Lets Whoosh unpickle nothing but what belongs in an index.

Whoosh keeps its list of segments (`_MAIN_N.toc`) and the directory of each segment file as pickles,
and an unpickler runs whatever code a pickle names. An index may have been handed over by somebody
else, so what Whoosh reads goes through an unpickler that knows four classes and refuses every other
name. The pickled schema is not read at all: `open_index` gives Whoosh the schema of this version.
"""

import pickle
from pathlib import Path
from typing import Any, BinaryIO

from whoosh import index as whoosh_index
from whoosh.filedb import structfile

from shisaku.index.engine.whoosh.codec.schema import passage_schema
from shisaku.index.errors import damaged

_NAMES = {
    ("whoosh.codec.whoosh3", "W3Segment"),
    ("whoosh.codec.whoosh3", "W3Codec"),
    ("collections", "defaultdict"),
    ("builtins", "int"),
}
"""Module and name of each class that may be named; sets, dicts and numbers need no name."""


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _NAMES:
            raise pickle.UnpicklingError(f"it names {module}.{name}, which belongs in no index")
        return super().find_class(module, name)


def load(file: BinaryIO) -> Any:
    """Read one pickle from `file`; raises `pickle.UnpicklingError` where it names another class."""
    return _Unpickler(file).load()


def restrict_whoosh() -> None:
    """Make Whoosh read pickles by `load` from now on, in this process."""
    structfile.load_pickle = load


def open_index(folder: Path, *, readonly: bool = False) -> Any:
    """Open the Whoosh index in `folder`.

    Raises:
        OSError: a file cannot be read.
        BrokenIndexError: its table of contents is none, or names what does not belong there.

    """
    restrict_whoosh()
    try:
        return whoosh_index.open_dir(str(folder), schema=passage_schema(), readonly=readonly)
    except OSError:
        raise
    # A pickle that is cut or altered can raise anything: EOFError, IndexError, struct.error, …
    except Exception as error:
        raise damaged(folder / "_MAIN.toc", f"{type(error).__name__}: {error}") from error
