"""Records which functions of the program a test calls, in whichever process of the test.

Two variables of the environment say where to: SHISAKU_CALLS, a file to which lines are added, and
SHISAKU_CALLS_ROOT, the tree whose functions count. PYTEST_CURRENT_TEST, which pytest keeps there
and child processes inherit, says for which test. Lines are written at the first call of a function,
not at the end, since a worker may be killed: `["call", test, path, qualified name]` in JSON. What
is called while fixtures are set up may serve every test of the file; there `test` is the file.
"""

import json
import os
import sys
import threading
from contextlib import suppress
from types import FrameType
from typing import Any

_seen: set[tuple[str, str, str]] = set()
_paths: dict[str, str] = {}
"""A file name as code objects have it → the path below the root, empty for what does not count."""

_open, _write, _close = os.open, os.write, os.close


def watch() -> None:
    """Record the calls of this process from here on, of all its threads."""
    _seen.clear()
    threading.settrace(_called)
    sys.settrace(_called)


def stop() -> None:
    """Record no more in this thread."""
    sys.settrace(None)


def _called(frame: FrameType, event: str, argument: Any) -> None:
    code = frame.f_code
    path = _paths.get(code.co_filename)
    if path is None:
        path = _paths[code.co_filename] = _below_root(code.co_filename)
    if path:
        test, _, phase = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")
        call = (phase, path, code.co_qualname)
        if test and call not in _seen:
            _seen.add(call)
            whose = test.partition("::")[0] if phase == "(setup)" else test
            write("call", whose, path, code.co_qualname)


def _below_root(name: str) -> str:
    root = os.path.realpath(os.environ["SHISAKU_CALLS_ROOT"]) + os.sep
    real = os.path.realpath(name)
    path = real.removeprefix(root).replace(os.sep, "/")
    return path if real != path and path.startswith(("index/", "ingest/")) else ""


def write(*line: object) -> None:
    """Add a line to the record: in one call, since several processes write."""
    data = (json.dumps(line, ensure_ascii=False) + "\n").encode()
    # Tests put functions of their own in place of those of `os`, and limit what can be written.
    with suppress(OSError):
        file = _open(os.environ["SHISAKU_CALLS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            _write(file, data)
        finally:
            _close(file)
