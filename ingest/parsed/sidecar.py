"""Where a fetched file came from: `<file name>.source.json` beside the file under raw/.

It speaks of the content, never of the night: it is written when the content changes, when the
publisher takes it down or puts it back, and at no other time. When a URL was last asked stands in
runs/, so that a night without changes leaves raw/ untouched.
"""

import re
from pathlib import Path

import msgspec

from shisaku.ingest.disk.files import UNDECODABLE, read_regular
from shisaku.ingest.model import Origin, Withdrawn

SIDECAR_SUFFIX = ".source.json"
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:-]{1,40})", re.I)


class Earlier(msgspec.Struct, frozen=True):
    """A version that was replaced; its bytes are DIR/versions/<sha256> with the file's suffix."""

    sha256: str
    retrieved: str


class Sidecar(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a fetched file; times are ISO 8601 in UTC, `size` is in bytes.

    `sha256` is that of the bytes as they came: a file that differs from it was changed by hand
    (OCR, say). `etag`, `last_modified` and `media_type` are as the server gave them.
    """

    url: str
    final_url: str
    source: str
    publisher: str
    retrieved: str
    sha256: str
    size: int
    media_type: str = ""
    etag: str = ""
    last_modified: str = ""
    plan: str = ""
    withdrawn: Withdrawn | None = None
    stale: Withdrawn | None = None
    """Since when and why the address gives something else in place of this content, which stays:
    a page out of order, a form to log in (codes of `ingest.fetch.failures`)."""
    earlier: tuple[Earlier, ...] = ()
    """The newest first."""

    @property
    def charset(self) -> str:
        """The charset of the HTTP header, in lower case; "" where it named none."""
        return charset_of(self.media_type)

    @property
    def origin(self) -> Origin:
        """What the parsed document takes from it."""
        return Origin(self.url, self.publisher, self.plan, self.withdrawn)


def charset_of(media_type: str) -> str:
    """Give the charset that a Content-Type names, in lower case; "" where it names none.

    RFC 9110, 8.3.2: `text/html; charset="Shift_JIS"`.
    """
    found = _CHARSET.search(media_type)
    return found[1].lower() if found else ""


def is_sidecar(name: str) -> bool:
    """Tell whether a file of that name describes another one."""
    return name.endswith(SIDECAR_SUFFIX)


def sidecar_path(file: Path) -> Path:
    """Give the place of the sidecar of a file."""
    return file.with_name(file.name + SIDECAR_SUFFIX)


def encode_sidecar(sidecar: Sidecar) -> bytes:
    """Give its JSON: sorted keys, equal bytes for equal content."""
    return msgspec.json.format(msgspec.json.encode(sidecar, order="sorted"), indent=1) + b"\n"


def read_sidecar(file: Path) -> Sidecar | None:
    """Give the sidecar of a file; None where it has none, or one that is damaged."""
    try:
        return _read(sidecar_path(file))
    except OSError:
        return None


def read_origin(sidecar: str) -> Origin | None:
    """Give the origin that the sidecar at a path tells; None where it is damaged.

    Raises:
        OSError: it is not there or cannot be read.

    """
    found = _read(Path(sidecar))
    return found.origin if found else None


def _read(path: Path) -> Sidecar | None:
    try:
        return msgspec.json.decode(read_regular(path), type=Sidecar)
    except UNDECODABLE:
        return None
