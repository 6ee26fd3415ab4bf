"""Domain data: TOML files that lie beside the code that uses them.

`table` gives the parsed file. A search by the command line needs four of them: 14 ms of processor
time to import `tomllib` and 5 ms to parse, against 0.2 ms from a cache. So the result is cached as
Python caches bytecode: in `__pycache__`, valid for one size and mtime of the file, and not written
where Python writes no bytecode.
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
