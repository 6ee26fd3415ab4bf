"""The fetched files of one source under raw/, with their sidecars and earlier versions.

`Keeper` takes URLs and answers and writes files; `Kept` is a file with its sidecar. The order of
writes makes a kill harmless: the earlier version is copied to versions/, then the file is replaced,
then the sidecar. What is missing after a kill is done when the URL is fetched again, because the
old sidecar still names the old version.
"""

import contextlib
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from shisaku.ingest.fetch.failures import FetchFailure, url_problem
from shisaku.ingest.fetch.http.client import Answer
from shisaku.ingest.fetch.kept.versions import Versions
from shisaku.ingest.fetch.pages.identity import Identity
from shisaku.ingest.fetch.report import Result
from shisaku.ingest.fetch.sources import Source
from shisaku.ingest.fetch.urls import file_name, identity, plain_name, suffix_of
from shisaku.ingest.model import Withdrawn
from shisaku.ingest.parsed.sidecar import (
    SIDECAR_SUFFIX,
    Earlier,
    Sidecar,
    charset_of,
    encode_sidecar,
    read_sidecar,
    sidecar_path,
)
from shisaku.ingest.parsed.store import write_atomically
from shisaku.ingest.sniff import sniff
from shisaku.ingest.words.reader import Reader

_SUFFIXES = {"pdf": ".pdf", "html": ".html"}
_WORDS = {"pdf": "a PDF", "html": "a web page", "other": "neither a PDF nor a web page"}
_PDF_TAIL = 1024
"""Bytes at the end in which %%EOF may stand: Adobe PDF Reference 1.7, Appendix H, note 18."""
_UNPRINTABLE = re.compile(r"[^\x20-\x7e]")


@dataclass(frozen=True)
class Kept:
    """A fetched file and its sidecar; the file itself may have been deleted."""

    path: Path
    sidecar: Sidecar

    @property
    def deleted(self) -> bool:
        """Whether the file was deleted by a user."""
        return not self.path.exists()


class Keeper:
    """The files of a source under raw/; every change is on disk when a method returns."""

    def __init__(self, data: Path, source: Source, reader: Reader) -> None:
        self._known: dict[str, Kept] = {}
        """Files by `urls.identity` of the URL under which they were stored."""
        self.identity = Identity(source.ignore_params)
        self._certain: dict[str, list[str]] = {}
        """`urls.identity` of kept files by `Identity.certain`; `_likely`: by `Identity.likely`."""
        self._likely: dict[str, list[str]] = {}
        self.damaged: list[str] = []
        self._reader = reader
        self._versions = Versions(data)
        self._data = data
        self._source = source
        self._folder = data / "raw" / source.name
        for place in sorted(self._folder.rglob(f"*{SIDECAR_SUFFIX}")):
            file = place.with_name(place.name.removesuffix(SIDECAR_SUFFIX))
            sidecar = read_sidecar(file)
            if sidecar is None:
                self.damaged.append(place.relative_to(data).as_posix())
            else:
                self._enter(Kept(file, sidecar))

    def get(self, url: str) -> Kept | None:
        """Return the file stored under exactly this URL (http or https), else None."""
        return self._known.get(identity(url))

    def certain(self, url: str) -> list[Kept]:
        """Return the files stored under URLs of the same document (equal `certain` key)."""
        return [self._known[one] for one in self._certain.get(self.identity.certain(url), ())]

    def likely(self, url: str) -> list[Kept]:
        """Return the files of the same document if their words are equal (equal `likely` key)."""
        return [self._known[one] for one in self._likely.get(self.identity.likely(url), ())]

    def same_words(self, kept: Kept, body: bytes, charset: str) -> bool:
        """Return whether a file has the words of `body`; False where it was changed by hand."""
        old = self.original(kept)
        return old is not None and self._reader.same_words(
            (old, kept.sidecar.charset), (body, charset)
        )

    def original(self, kept: Kept) -> bytes | None:
        """Return the bytes of a file as received; None where it was deleted or changed by hand."""
        try:
            present = kept.path.read_bytes()
        except OSError:
            return None
        digest = hashlib.sha256(present).hexdigest()
        return present if digest == kept.sidecar.sha256 else None

    def _enter(self, kept: Kept) -> None:
        """Add a file to the maps by its URL; of two with the same URL the first stays."""
        name = identity(kept.sidecar.url)
        if name in self._known:
            return
        self._known[name] = kept
        self._certain.setdefault(self.identity.certain(kept.sidecar.url), []).append(name)
        self._likely.setdefault(self.identity.likely(kept.sidecar.url), []).append(name)

    def all(self) -> list[Kept]:
        """Return all files."""
        return list(self._known.values())

    def clean(self) -> None:
        """Remove temporary files of killed runs; call it only while holding the lock."""
        for folder in (self._folder, self._data / "versions"):
            for path in folder.rglob(".tmp-*"):
                path.unlink(missing_ok=True)

    def shown(self, kept: Kept | None) -> str:
        """Return the path of a kept file relative to the data directory; "" for None."""
        return kept.path.relative_to(self._data).as_posix() if kept else ""

    def judge(self, url: str, answer: Answer, kept: Kept | None) -> None:
        """Check that an answer is a document of the expected kind, and whole.

        `kept` is the stored file of the document, whose suffix counts before that of the URL.

        Raises:
            FetchFailure: it is empty, of another kind, or a PDF without its end.

        """
        found = sniff(answer.body)
        if found == "empty":
            raise FetchFailure(url_problem("empty"), again=True)
        suffix = kept.path.suffix.lower() if kept else suffix_of(url)
        promised = "pdf" if suffix == ".pdf" else "html" if kept else ""
        if found == "other" or (promised and found != promised):
            said = _WORDS[promised] if promised else "a PDF or a web page"
            detail = f"{said}, but the content is {_WORDS[found]}"
            raise FetchFailure(url_problem("not_a_document", detail))
        if found == "pdf" and b"%%EOF" not in answer.body.rstrip(b"\0 \t\r\n")[-_PDF_TAIL:]:
            # A Content-Length that is too small cuts the file, and nothing else shows it.
            raise FetchFailure(url_problem("broken", "the PDF has no end"), again=True)

    def take(self, url: str, answer: Answer, now: str, kept: Kept | None = None) -> Result:
        """Store an answer that was judged good, and return "added", "changed" or as `settle`.

        `kept` is the stored file of the document, under whatever URL; None for a new document. A
        file with the same words in other bytes is left as it is.

        Raises:
            OSError: the file, its sidecar or versions/ cannot be written.

        """
        digest = hashlib.sha256(answer.body).hexdigest()
        if kept and (
            kept.sidecar.sha256 == digest or self.same_words(kept, answer.body, charset(answer))
        ):
            return self.settle(kept, url)
        if kept:
            path, earlier = kept.path, kept.sidecar.earlier
        else:
            path = self._place(url, answer.body)
            earlier = ()
        retrieved = kept.sidecar.retrieved if kept else ""
        for old in self._put_aside(path, digest, kept):
            if all(old != version.sha256 for version in earlier):
                earlier = (Earlier(old, retrieved), *earlier)
        stay, go = self._versions.parted(earlier, self._source, now)
        sidecar = Sidecar(
            url=url,
            final_url=answer.url,
            source=self._source.name,
            publisher=self._source.publisher,
            plan=self._source.plan,
            retrieved=now,
            sha256=digest,
            size=len(answer.body),
            media_type=printable(answer.headers.get("content-type", "")),
            etag=printable(answer.headers.get("etag", "")),
            last_modified=printable(answer.headers.get("last-modified", "")),
            earlier=stay,
        )
        with contextlib.suppress(OSError):
            if hashlib.sha256(path.read_bytes()).hexdigest() == digest:
                return self._changed(path, sidecar, kept, go)
        write_atomically(path, answer.body)
        return self._changed(path, sidecar, kept, go)

    def _changed(
        self, path: Path, sidecar: Sidecar, kept: Kept | None, go: tuple[Earlier, ...]
    ) -> Result:
        result = self._note(path, sidecar, "changed" if kept else "added", kept)
        # After the sidecar, so that no sidecar names a removed version.
        for version in go:
            self._versions.remove(version.sha256, path.suffix)
        return result

    def _place(self, url: str, body: bytes) -> Path:
        """Return the path of a new file, without a session token in its name where that is free."""
        suffix = _SUFFIXES[sniff(body)]
        path = self._folder / file_name(self.identity.cleaned(url), suffix)
        if any(kept.path == path for kept in self.likely(url)):
            path = self._folder / file_name(url, suffix)
        name = plain_name(url, self._source.pages[0], suffix)
        # A file of a killed run, or with a damaged sidecar, keeps its path.
        stored = path.exists() or sidecar_path(path).exists()
        return self._folder / name if name and not stored and self._free(name, body) else path

    def _free(self, name: str, body: bytes) -> bool:
        """Return whether a plain name is that of no other URL, and of no file put there by hand."""
        path = self._folder / name
        if any(kept.path == path for kept in self.all()):
            return False
        # Its own: with a damaged sidecar, or with equal bytes whose sidecar a killed run did not
        # write.
        return sidecar_path(path).exists() or not path.exists() or path.read_bytes() == body

    def _put_aside(self, path: Path, digest: str, kept: Kept | None) -> Iterator[str]:
        """Copy the file that will be replaced to versions/; yield the SHA-256 of kept versions."""
        try:
            present = path.read_bytes()
        except FileNotFoundError:
            present = None
        if present is not None and (old := hashlib.sha256(present).hexdigest()) != digest:
            write_atomically(self._version(old, path.suffix), present)
        # Also the version that a run copied before it was killed.
        if kept and self._version(kept.sidecar.sha256, path.suffix).exists():
            yield kept.sidecar.sha256
        if present is not None and old != digest:
            yield old

    def _version(self, digest: str, suffix: str) -> Path:
        return self._data / "versions" / f"{digest}{suffix.lower()}"

    def settle(self, kept: Kept, url: str) -> Result:
        """Note that a URL still gives the kept document; the sidecar is written where it differs.

        The file may differ from its sidecar: a user replaced it by the result of OCR, which stays
        until the publisher changes the original. The stored URL stays too, unless only the scheme
        differs: with a session token it would change in every run.
        """
        source, old = self._source, kept.sidecar
        new = replace(
            old,
            url=url if identity(url) == identity(old.url) else old.url,
            withdrawn=None,
            stale=None,
            publisher=source.publisher,
            plan=source.plan,
        )
        if new == old:
            return "unchanged"
        result: Result = "returned" if old.withdrawn else "unchanged"
        return self._note(kept.path, new, result, kept)

    def mark_stale(self, kept: Kept, why: str, now: str) -> None:
        """Note in the sidecar that the URL gives something else for now; once for each reason."""
        if kept.sidecar.stale is None or kept.sidecar.stale.why != why:
            marked = replace(kept.sidecar, stale=Withdrawn(now, why))
            self._note(kept.path, marked, "failed", kept)

    def withdraw(self, kept: Kept, why: str, now: str) -> bool:
        """Mark a file as no longer offered; False where it is marked already."""
        if kept.sidecar.withdrawn:
            return False
        marked = replace(kept.sidecar, withdrawn=Withdrawn(now, why))
        self._note(kept.path, marked, "withdrawn", kept)
        return True

    def _note(
        self, path: Path, sidecar: Sidecar, result: Result, before: Kept | None = None
    ) -> Result:
        write_atomically(sidecar_path(path), encode_sidecar(sidecar))
        if before:
            name = identity(before.sidecar.url)
            self._known.pop(name, None)
            for names in (
                self._certain.get(self.identity.certain(before.sidecar.url), []),
                self._likely.get(self.identity.likely(before.sidecar.url), []),
            ):
                if name in names:
                    names.remove(name)
        self._enter(Kept(path, sidecar))
        return result


def charset(answer: Answer) -> str:
    """Return the charset of the Content-Type header of an answer; "" for none."""
    return charset_of(printable(answer.headers.get("content-type", "")))


def printable(header: str) -> str:
    """Return a header's value; "" where it is over 500 characters or not printable ASCII."""
    return "" if len(header) > 500 or _UNPRINTABLE.search(header) else header
