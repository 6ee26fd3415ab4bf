"""What the processes that read files of strangers are given: no secrets, no signals of a terminal.

`$SHISAKU_PING_URL`, passwords of proxies and whatever else the caller's environment holds are none
of a parser's business, so variables are handed on by a list of names.
"""

import os
import sys
from collections.abc import Mapping

NAMES = frozenset(
    {
        "PATH", "HOME", "TMPDIR", "TZ", "LANG", "LANGUAGE", "MECABRC", "VIRTUAL_ENV", "SYSTEMROOT",
    }
)  # fmt: skip
"""Where programs and temporary files are, in which language the system speaks, MeCab's settings."""
PREFIXES = ("LC_", "PYTHON", "LD_", "DYLD_", "MALLOC_")
"""Of the locale, of Python (hash seed, warnings), of shared libraries, of the allocator."""


def environment(of: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Give the environment of a worker process, which imports from where this process does."""
    found = {
        name: value for name, value in of.items() if name in NAMES or name.startswith(PREFIXES)
    }
    path = [os.path.abspath(entry) for entry in sys.path]  # noqa: PTH100 - zip files, too
    return found | {"PYTHONPATH": os.pathsep.join(path)}
