"""Turns an `OSError` of the data directory into a `DiskError` with a remedy that can be typed.

Every stage that writes there uses it, so that the same fault has the same message everywhere. The
trap: an error of one file (name too long, a directory in its place) must not end a run, while a
full, read-only or failing disk must: `of_one_place` tells them apart by errno.
"""

import errno
import os
from pathlib import Path
from shlex import quote

from shisaku.ingest.errors import ShisakuError

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM}
_OF_ONE_PLACE = {
    errno.ENAMETOOLONG, errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENOTEMPTY, errno.ELOOP,
    errno.EINVAL, errno.EILSEQ,
}  # fmt: skip
"""Errno values that concern one path; others can still be written."""


class DiskError(ShisakuError):
    """The data directory cannot be written; files written before are whole."""


def of_one_place(error: OSError, root: Path) -> bool:
    """Return whether `error`, met at a file below `root`, concerns that file alone.

    A missing permission does where `root` itself may be written: then it is that of a folder below.
    A full, read-only or failing disk does not: every other file would fail as well.
    """
    if error.errno in _FORBIDDEN:
        return os.access(root, os.W_OK | os.X_OK)
    return error.errno in _OF_ONE_PLACE


def disk_error(error: OSError, data: Path, command: str) -> DiskError:
    """Return the exception for `error` under `data`; `command` is to be typed again ("update")."""
    where = str(error.filename or data)
    again = f"shisaku {command} --data {quote(str(data))}"
    if error.errno in _FULL:
        what = f"the disk is full; to see what takes the space: df -h {quote(str(data))}"
    elif error.errno == errno.EFBIG:
        what = "a limit on the size of files was reached; to see it: ulimit -f"
    elif error.errno in _FORBIDDEN:
        what = f"this user may not read or write it; to see who may: ls -ld {quote(where)}"
    elif error.errno == errno.EROFS:
        what = f"it is mounted read-only; to see the mount: findmnt -T {quote(where)}"
    elif error.errno in (errno.EISDIR, errno.ENOTEMPTY):
        what = f"a directory stands where a file belongs; to see it: ls -ld {quote(where)}"
    elif error.errno == errno.ENAMETOOLONG:
        what = "the path is longer than this system takes; move the directory to a shorter one"
    elif error.errno == errno.ELOOP:
        what = f"a link stands where a file belongs; to see it: ls -l {quote(where)}"
    elif error.errno in (errno.ENOTDIR, errno.EEXIST):
        what = f"a file stands where a directory belongs; to see it: ls -l {quote(where)}"
    elif error.errno in (errno.EMFILE, errno.ENFILE):
        what = "too many files are open; to see the limit: ulimit -n"
    else:
        what = f"check the disk and the permissions of {quote(str(data))}"
    return DiskError(
        f"{where}: {error.strerror or error}; what could be read before stays as it was",
        f"{what}; then type: {again}",
    )
