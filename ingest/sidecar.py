"""Where a fetched file came from: `<file name>.source.json` beside the file under raw/.

It speaks of the content, never of the night: it is written when the content changes, when the
publisher takes it down or puts it back, and at no other time. When a URL was last asked stands in
runs/, so that a night without changes leaves raw/ untouched.
"""

from pathlib import Path

import msgspec

SIDECAR_SUFFIX = ".source.json"


class Earlier(msgspec.Struct, frozen=True):
    """A version that was replaced; its bytes are DIR/versions/<sha256> with the file's suffix."""

    sha256: str
    retrieved: str


class Withdrawn(msgspec.Struct, frozen=True):
    """Since when (ISO 8601, UTC) and why the publisher no longer offers a file.

    `why` is "gone" (404 or 410) or "unlinked" (no watched page leads to it any more).
    """

    since: str
    why: str


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
    earlier: tuple[Earlier, ...] = ()
    """The newest first."""


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
        return msgspec.json.decode(sidecar_path(file).read_bytes(), type=Sidecar)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
