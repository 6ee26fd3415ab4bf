"""Reads sources.toml: which pages to watch, and what to take from them.

`load_sources` takes a path and gives a `SourceList`, or a `SourcesError` with file, entry and key.
The whole list is checked before the first request. docs/fetching.md explains every key.
"""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from shisaku.ingest.errors import ShisakuError
from shisaku.ingest.fetch.toml_file import TomlError, read_toml
from shisaku.ingest.fetch.urls import canonical, host_of, is_device, matches

SHIPPED = Path(__file__).with_name("sources.toml")

_Text = Annotated[str, Meta(min_length=1)]
_Texts = tuple[_Text, ...]
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?|\[[0-9a-f:]+\](?::\d{1,5})?")
_LONGEST_CONTACT = 200
"""Characters of `contact`, which is sent in the User-Agent header of every request."""
_FIELD = re.compile(r"field `(\w+)`")


class SourcesError(ShisakuError):
    """The list of sources cannot be read, or an entry is not valid."""

    exit_code = 2
    remedy = "Correct that entry; docs/fetching.md explains every key."


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An entry: pages of one publisher, and the documents to take from them."""

    name: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}\Z")]
    """Folder under raw/."""
    publisher: _Text
    pages: Annotated[_Texts, Meta(min_length=1)]
    hosts: Annotated[_Texts, Meta(min_length=1)]
    """Hosts from which files are fetched, with a port where it is not that of the scheme."""
    plan: str = ""
    include: _Texts = ("*.pdf",)
    exclude: _Texts = ()
    follow: _Texts = ()
    """Patterns of pages that are read for links; if empty, those below a watched page's folder."""
    depth: Annotated[int, Meta(ge=0, le=5)] = 0
    min: Annotated[int, Meta(ge=0)] = 0
    max: Annotated[int, Meta(ge=0)] | None = None
    delay: Annotated[float, Meta(ge=0, le=600)] = 2.0
    """Seconds between two requests to one host."""
    max_mb: Annotated[float, Meta(gt=0, le=1024)] = 64.0
    max_pages: Annotated[int, Meta(ge=1, le=10_000)] = 500
    """Number of pages that are read for links, because the links of a calendar never end."""
    max_seconds: Annotated[float, Meta(gt=0, le=3600)] = 300.0
    """Seconds for one answer from the first byte sent to the last received."""
    max_minutes: Annotated[float, Meta(gt=0, le=1440)] = 60.0
    """Minutes for the whole source in one run; the next run continues where it ended."""
    max_total_mb: Annotated[float, Meta(gt=0, le=1_000_000)] = 4000.0
    """MB (10^6 bytes) received from the whole source in one run."""
    list_pages: Annotated[int, Meta(ge=1, le=10_000)] = 100
    """Number of pages of a list with several pages."""
    ignore_params: _Texts = ()
    """Names of query parameters that do not select a document, besides those of
    parameters.toml."""
    keep_versions: Annotated[int, Meta(ge=1, le=10_000)] = 10
    """Number of earlier versions of a document that are kept in versions/."""
    keep_days: Annotated[int, Meta(ge=0, le=36_500)] = 0
    """Days for which an earlier version is kept in any case."""
    allow_private: bool = False
    tried: bool = True
    """False until somebody has seen the entry work on the live site."""

    @property
    def max_bytes(self) -> int:
        """Limit of one file in bytes."""
        return int(self.max_mb * 1_000_000)

    def admits(self, url: str) -> bool:
        """Return whether the host of a canonical URL is one of `hosts`."""
        return host_of(url) in self.hosts

    def wants(self, url: str) -> bool:
        """Return whether a canonical URL is that of a document to fetch."""
        return _any(self.include, url) and not _any(self.exclude, url)


class SourceList(msgspec.Struct, frozen=True):
    """All entries, and the contact address for administrators of servers ("" for none)."""

    entries: tuple[Source, ...]
    contact: str = ""

    def select(self, names: Sequence[str]) -> "SourceList":
        """Return the entries of these names; all where `names` is empty.

        Raises:
            SourcesError: there is no entry of that name.

        """
        known = {entry.name: entry for entry in self.entries}
        for name in names:
            if name not in known:
                raise SourcesError(f"There is no source {name!r}.", f"Known: {', '.join(known)}.")
        chosen = tuple(entry for entry in self.entries if not names or entry.name in names)
        return SourceList(chosen, self.contact)


def _any(patterns: Sequence[str], url: str) -> bool:
    return any(matches(pattern, url) for pattern in patterns)


def find_sources(data: Path, asked: Path | None = None) -> Path:
    """Return the path of the list: `asked`, else DIR/sources.toml, else the one shipped."""
    own = data / "sources.toml"
    # A broken link is a missing list, not one that was never written.
    return asked or (own if os.path.lexists(own) else SHIPPED)


def load_sources(path: Path) -> SourceList:
    """Read and check a list of sources.

    Raises:
        SourcesError: it cannot be read, or an entry is wrong; the message names file, entry and
        key.

    """
    try:
        table = read_toml(path)
    except TomlError as error:
        raise SourcesError(str(error), error.remedy) from None
    for key in table.keys() - {"contact", "source"}:
        raise SourcesError(f"{path}: unknown key {key!r} outside of the entries.")
    contact, found = table.get("contact", ""), table.get("source", [])
    if not isinstance(contact, str) or not contact.isprintable() or not contact.isascii():
        raise SourcesError(f"{path}: key 'contact': must be an address in ASCII.")
    if len(contact) > _LONGEST_CONTACT:
        what = f"longer than {_LONGEST_CONTACT} characters"
        raise SourcesError(f"{path}: key 'contact': {what}.")
    if not isinstance(found, list) or not found:
        raise SourcesError(f"{path}: there is no [[source]] entry.")
    entries: dict[str, Source] = {}
    for number, values in enumerate(found, 1):
        entry = _entry(path, number, values)
        if entry.name in entries:
            raise _wrong(path, number, values, "name", "another entry has this name")
        entries[entry.name] = entry
    return SourceList(tuple(entries.values()), contact)


def _wrong(path: Path, number: int, values: Any, key: str, what: str) -> SourcesError:
    name = values.get("name") if isinstance(values, dict) else None
    entry = f"entry {number}" + (f" ({name[:64]})" if isinstance(name, str) else "")
    return SourcesError(f"{path}: {entry}" + (f", key {key!r}" if key else "") + f": {what}.")


def _entry(path: Path, number: int, values: Any) -> Source:
    try:
        entry = msgspec.convert(values, Source)
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(" - at ")
        named = _FIELD.search(what)
        key = named[1] if named else place.strip("`").removeprefix("$.").partition("[")[0]
        raise _wrong(path, number, values, key.removeprefix("$"), what) from None
    hosts = tuple(host.lower() for host in entry.hosts)
    for host in hosts:
        if not _HOST.fullmatch(host):
            what = f"{host!r} is no host; write www.example.go.jp, without scheme and path"
            raise _wrong(path, number, values, "hosts", what)
    if is_device(entry.name):
        raise _wrong(path, number, values, "name", "Windows keeps this name for a device")
    if entry.max is not None and entry.max < entry.min:
        raise _wrong(path, number, values, "max", f"is below min ({entry.min})")
    if entry.max_total_mb < entry.max_mb:
        what = f"is below max_mb ({entry.max_mb:g}), so the largest file would never come whole"
        raise _wrong(path, number, values, "max_total_mb", what)
    pages = []
    for page in entry.pages:
        url = canonical(page)
        if url is None:
            raise _wrong(path, number, values, "pages", f"{page!r} is no http or https address")
        if host_of(url) not in hosts:
            raise _wrong(path, number, values, "pages", f"{host_of(url)} is not among the hosts")
        pages.append(url)
    return msgspec.structs.replace(entry, hosts=hosts, pages=tuple(dict.fromkeys(pages)))
