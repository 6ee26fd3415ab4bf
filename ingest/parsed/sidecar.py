"""The sidecar of a fetched file: `<file name>.source.json` beside it under raw/.

It holds URL, publisher, times (ISO 8601, UTC) and hash of the content. It is written when the
content changes or the publisher withdraws or restores it, and at no other time: when a URL was last
asked for stands in runs/fetch-state.json, so that a run without changes leaves raw/ untouched.
"""

import re
from pathlib import Path

import msgspec

from shisaku.ingest.disk.files import UNDECODABLE, read_regular
from shisaku.ingest.model import Origin, Withdrawn

SIDECAR_SUFFIX = ".source.json"
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:-]{1,40})", re.I)


class Earlier(msgspec.Struct, frozen=True):
    """A replaced version; its bytes are in DIR/versions/<sha256> with the suffix of the file."""

    sha256: str
    retrieved: str


class Sidecar(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a fetched file; times are ISO 8601 in UTC, `size` is in bytes.

    `sha256` is that of the bytes as received: a file that differs from it was changed by hand
    (OCR, for example). `etag`, `last_modified` and `media_type` are the headers of the server.
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
    """Since when and why (codes of `ingest.fetch.failures`) the URL gives something else, such as
    an error page or a login form; the file keeps the content of before."""
    earlier: tuple[Earlier, ...] = ()
    """The newest first."""

    @property
    def charset(self) -> str:
        """The charset of the HTTP header, in lower case; "" where it has none."""
        return charset_of(self.media_type)

    @property
    def origin(self) -> Origin:
        """The part that goes into the parsed document."""
        return Origin(self.url, self.publisher, self.plan, self.withdrawn)


def charset_of(media_type: str) -> str:
    """Return the charset of a Content-Type, in lower case; "" where it has none.

    RFC 9110, 8.3.2: `text/html; charset="Shift_JIS"`.
    """
    found = _CHARSET.search(media_type)
    return found[1].lower() if found else ""


def is_sidecar(name: str) -> bool:
    """Return whether a file name is that of a sidecar."""
    return name.endswith(SIDECAR_SUFFIX)


def sidecar_path(file: Path) -> Path:
    """Return the path of the sidecar of a file."""
    return file.with_name(file.name + SIDECAR_SUFFIX)


def encode_sidecar(sidecar: Sidecar) -> bytes:
    """Return the JSON of a sidecar: sorted keys, equal bytes for equal content."""
    return msgspec.json.format(msgspec.json.encode(sidecar, order="sorted"), indent=1) + b"\n"


def read_sidecar(file: Path) -> Sidecar | None:
    """Return the sidecar of a file; None where it has none, or one that is damaged."""
    try:
        return _read(sidecar_path(file))
    except OSError:
        return None


def read_origin(sidecar: str) -> Origin | None:
    """Return the origin that the sidecar at a path tells; None where it is damaged.

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
