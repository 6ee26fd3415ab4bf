"""DIR/versions: the earlier bytes of fetched files, how many of them stay, and which may go.

Of each document the newest `keep_versions` stay, and all that were retrieved within `keep_days`.
What a parsed document was read from stays in any case: where the newest file cannot be read, that
is the version that answers. A version goes after the sidecar that named it was written without it,
so a killed run leaves a file too many and never a name without a file.
"""

import contextlib
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from shisaku.ingest.disk.files import TEMPORARY, walk, write_atomically
from shisaku.ingest.fetch.sources import Source
from shisaku.ingest.parsed.sidecar import (
    SIDECAR_SUFFIX,
    Earlier,
    Sidecar,
    encode_sidecar,
    read_sidecar,
    sidecar_path,
)
from shisaku.ingest.parsed.store import Store, remembered_headers

_NAME = re.compile(r"([0-9a-f]{64})(\.\w+)?")
STANDARD = Source(name="none", publisher="none", pages=("none",), hosts=("none",))
"""The entry whose limits count for files of a source that is no longer in the list."""


class Versions:
    """The earlier versions of all documents of a data directory."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._cited: frozenset[str] | None = None

    def parted(
        self, earlier: tuple[Earlier, ...], source: Source, now: str
    ) -> tuple[tuple[Earlier, ...], tuple[Earlier, ...]]:
        """Return the earlier versions (the newest first) that are kept, and those to remove."""
        if len(earlier) <= source.keep_versions:
            return earlier, ()
        if self._cited is None:
            self._cited = cited(self._data)
        return parted(earlier, source, now, self._cited)

    def remove(self, digest: str, suffix: str) -> None:
        """Remove a version; call it when no sidecar names it any more."""
        with contextlib.suppress(FileNotFoundError):
            version_path(self._data, digest, suffix).unlink()


def version_path(data: Path, digest: str, suffix: str) -> Path:
    """Return the path of a version."""
    return data / "versions" / f"{digest}{suffix.lower()}"


def cited(data: Path) -> frozenset[str]:
    """Return the SHA-256 of all raw files from which parsed documents were made."""
    headers = Store(data / "parsed").headers(remembered_headers(data))
    return frozenset(header.sha256 for _, header in headers if header)


def parted(
    earlier: tuple[Earlier, ...], source: Source, now: str, cited: Collection[str]
) -> tuple[tuple[Earlier, ...], tuple[Earlier, ...]]:
    """Return the versions to keep and those to remove; `now` is ISO 8601 in UTC."""
    stay, go = [], []
    for number, version in enumerate(earlier):
        young = source.keep_days > 0 and _days(version.retrieved, now) < source.keep_days
        if number < source.keep_versions or young or version.sha256 in cited:
            stay.append(version)
        else:
            go.append(version)
    return tuple(stay), tuple(go)


def _days(since: str, now: str) -> float:
    try:
        passed = datetime.fromisoformat(now) - datetime.fromisoformat(since)
    except (ValueError, TypeError):
        return 0.0  # an unknown date counts as now
    return passed / timedelta(days=1)


# --- all at once -----------------------------------------------------------------------------


@dataclass
class Plan:
    """The plan of `shisaku versions prune`; sizes are in bytes."""

    kept: int = 0
    kept_size: int = 0
    free: dict[str, int] = field(default_factory=dict)
    """Sizes of versions to remove, by path relative to the data directory."""
    unnamed: dict[str, int] = field(default_factory=dict)
    """Sizes of files that no sidecar names, likewise."""
    damaged: list[str] = field(default_factory=list)
    """Sidecars that cannot be read: they may name any file, so unnamed files are kept."""
    _rewritten: dict[Path, Sidecar] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes that would be freed."""
        return sum(self.free.values())

    def to_json(self, *, done: bool) -> dict[str, Any]:
        """Return the plan as JSON values; `done` tells whether it was carried out."""
        return {
            "kept": {"files": self.kept, "bytes": self.kept_size},
            "freed": {"files": len(self.free), "bytes": self.size, "paths": sorted(self.free)},
            "unnamed": {"files": len(self.unnamed), "bytes": sum(self.unnamed.values())},
            "damaged_sidecars": self.damaged,
            "done": done,
        }


def plan(
    data: Path,
    source_of: Callable[[str], Source],
    cited: Collection[str],
    *,
    unnamed: bool = False,
    now: str = "",
) -> Plan:
    """Return the earlier versions that may be removed; `cited` are hashes that must be kept.

    `source_of(name)` is the entry of a source, whose limits count for its files. With `unnamed`,
    files that no sidecar names may be removed as well, if every sidecar can be read.

    Raises:
        OSError: raw/ or versions/ cannot be listed.

    """
    now = now or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    found = Plan()
    stay: set[str] = set()
    go: set[str] = set()
    for path in _fetched(data):
        sidecar = read_sidecar(path)
        if sidecar is None:
            found.damaged.append(sidecar_path(path).relative_to(data).as_posix())
            continue
        source = source_of(sidecar.source)
        kept, left = parted(sidecar.earlier, source, now, cited)
        stay |= {_file(one, path) for one in kept}
        go |= {_file(one, path) for one in left}
        if left:
            found._rewritten[path] = replace(sidecar, earlier=kept)
    for name, place in _versions(data):
        match = _NAME.fullmatch(name)
        size = Path(place).stat().st_size
        shown = f"versions/{name}"
        if match is None or name in stay or match[1] in cited:
            found.kept += 1
            found.kept_size += size
        elif name in go:
            found.free[shown] = size
        else:
            found.unnamed[shown] = size
    if unnamed and not found.damaged:
        found.free |= found.unnamed
        found.unnamed = {}
    return found


def carry_out(data: Path, found: Plan) -> None:
    """Remove the files of a plan; hold the lock since before the plan was made.

    Raises:
        OSError: a file cannot be written or removed; what was freed before stays freed.

    """
    for path, sidecar in found._rewritten.items():
        write_atomically(sidecar_path(path), encode_sidecar(sidecar))
    for name in found.free:
        (data / name).unlink(missing_ok=True)


def _file(version: Earlier, path: Path) -> str:
    return f"{version.sha256}{path.suffix.lower()}"


def _fetched(data: Path) -> Iterable[Path]:
    raw = data / "raw"
    if not raw.is_dir():
        return
    for name, place in sorted(walk(raw)):
        if name.endswith(SIDECAR_SUFFIX):
            yield Path(place.removesuffix(SIDECAR_SUFFIX))


def _versions(data: Path) -> Iterable[tuple[str, str]]:
    folder = data / "versions"
    if not folder.is_dir():
        return
    for name, place in sorted(walk(folder)):
        if not name.rpartition("/")[2].startswith(TEMPORARY):
            yield name, place
