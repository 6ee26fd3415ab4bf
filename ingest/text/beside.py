"""Reads the TOML files of domain data that lie beside the code, and keeps what was read.

It is kept as Python keeps its bytecode: with `marshal` in `__pycache__`, out of date when size or
time of the TOML file differ, and not at all where Python is told to write no bytecode or may not.

What that is worth: a search with `--ministry` from a cold start spends 1.9 ms of processor time on
its three files, and 12.4 ms without (loading `tomllib` included); a process that parses one PDF 3.2
and 13.5 ms on its four. These are medians of seven; a whole cold search takes some 100 ms.
"""

import contextlib
import marshal
import os
import sys
from pathlib import Path
from typing import Any


def table(module: str, name: str) -> dict[str, Any]:
    """Return the TOML file `name` from the folder of a module; `module` is its `__file__`.

    Each call returns new objects, which the caller may change.

    Raises:
        tomllib.TOMLDecodeError: the file is not TOML.

    """
    path = Path(module).with_name(name)
    status = path.stat()
    stamp = (status.st_size, status.st_mtime_ns)
    folder = path.parent / "__pycache__"
    if sys.pycache_prefix:
        folder = Path(sys.pycache_prefix, *path.parent.parts[1:])
    kept = folder / f"{name}.{sys.implementation.cache_tag}"
    with contextlib.suppress(OSError, EOFError, TypeError, ValueError, MemoryError):
        of, found = marshal.loads(kept.read_bytes())
        if of == stamp:
            return found  # type: ignore[no-any-return]
    import tomllib  # with `importlib.resources`, which is not used here, 10 ms to load

    found = tomllib.loads(path.read_text(encoding="utf-8"))
    if not sys.dont_write_bytecode:
        _keep(kept, (stamp, found))
    return found


def _keep(path: Path, value: Any) -> None:
    """Write `value` atomically; TOML dates (which `marshal` refuses) and full disks are ignored."""
    part = path.with_name(f"{path.name}.{os.getpid()}")
    with contextlib.suppress(OSError, ValueError):
        raw = marshal.dumps(value)
        try:
            part.write_bytes(raw)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
