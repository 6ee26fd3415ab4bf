"""Keys by which URLs of one document are recognised; the URL that is requested is not changed.

A URL has two keys. Equal `certain` keys are one document: the URLs differ in equivalent spellings
(RFC 3986, 6.2.2 and 6.2.3), in http against https, or in a session token. Equal `likely` keys are
one document if their words are equal: the URLs differ in `?v=2`, `index.html`, or the encoding of
the query. The names of parameters are data (parameters.toml).
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from shisaku.ingest.fetch.urls import matches_name, suffix_of
from shisaku.ingest.text.beside import table

_UNRESERVED = re.compile(r"%(?:2[DE]|3[0-9]|4[1-9A-F]|5[0-9AF]|6[1-9A-F]|7[0-9AE])", re.I)
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_PARAMETERS_KEPT = 10_000
"""Number of URLs in the cache of keys."""


class Identity:
    """The keys of URLs; `ignored` are patterns of parameters that a source ignores.

    A pattern is one of names, or of "name=value".
    """

    def __init__(self, ignored: Sequence[str] = ()) -> None:
        self._ignored = tuple(ignored)
        self.certain = lru_cache(_PARAMETERS_KEPT)(self._certain)
        self.likely = lru_cache(_PARAMETERS_KEPT)(self._likely)

    def _certain(self, url: str) -> str:
        return plain(self.cleaned(url)).partition("://")[2]

    def _likely(self, url: str) -> str:
        place, _, query = plain(self.cleaned(url)).partition("://")[2].partition("?")
        folder, _, name = place.rpartition("/")
        if name.lower() in _index_names():
            place = folder + "/"
        left = [_readable(one) for one in query.split("&") if one and not _maybe(_name(one))]
        return place + ("?" + "&".join(left) if left else "")

    def cleaned(self, url: str) -> str:
        """Return a URL without the parameters that do not select a document."""
        place, mark, query = url.partition("?")
        if ";" in place:
            place = "/".join(self._without(part) for part in place.split("/"))
        left = [one for one in query.split("&") if not self._ignores(one)]
        return place + (mark + "&".join(left) if left and left != [""] else "")

    def _without(self, segment: str) -> str:
        name, *parameters = segment.split(";")
        return ";".join([name, *(one for one in parameters if not self._ignores(one))])

    def _ignores(self, parameter: str) -> bool:
        name, _, value = parameter.partition("=")
        if not name:
            return False
        own = any(
            matches_name(pattern, parameter if "=" in pattern else name)
            for pattern in self._ignored
        )
        return own or _chooses_nothing(name.lower(), value)


def is_file(url: str) -> bool:
    """Return whether a URL has the suffix of a file, whose parameters can only be a version."""
    return suffix_of(url) in _data()["files"]["suffixes"]


def plain(url: str) -> str:
    """Return a canonical URL in normal form (RFC 3986, 6.2.2).

    %61 is "a" (6.2.2.2), hexadecimal digits are capitals (6.2.2.1), dot segments are resolved
    (6.2.2.3), an empty query is none, a host has no dot at its end.
    """
    scheme, _, rest = _decoded(url).partition("://")
    rest, _, query = rest.partition("?")
    host, slash, path = rest.partition("/")
    name, colon, port = host.partition(":") if not host.startswith("[") else (host, "", "")
    host = name.rstrip(".").lower() + colon + port
    place = f"{scheme.lower()}://{host}{_without_dots(slash + path) or '/'}"
    return place + ("?" + query if query else "")


def _decoded(url: str) -> str:
    found = _UNRESERVED.sub(lambda one: chr(int(one[0][1:], 16)), url)
    return _ESCAPE.sub(lambda one: one[0].upper(), found)


def _without_dots(path: str) -> str:
    """Remove dot segments (RFC 3986, 5.2.4)."""
    out: list[str] = []
    parts = path.split("/")[1:]
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        if part == "..":
            if out:
                out.pop()
        elif part != ".":
            out.append(part)
            continue
        if last:
            out.append("")
    return "/" + "/".join(out)


def _readable(parameter: str) -> str:
    """Return a parameter with %XX decoded, so that UTF-8 and Shift_JIS of one word are equal."""
    if "%" not in parameter:
        return parameter
    data = unquote_to_bytes(parameter)
    for encoding in ("utf-8", "cp932"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        # An escaped separator must stay escaped.
        return text if not re.search(r"[&=#\x00-\x1f]", text.partition("=")[2]) else parameter
    return parameter


def _name(parameter: str) -> str:
    return parameter.partition("=")[0].lower()


@lru_cache(maxsize=1)
def _data() -> dict[str, dict[str, list[str]]]:
    return table(__file__, "parameters.toml")


@lru_cache(maxsize=1)
def _index_names() -> frozenset[str]:
    return frozenset(_data()["index"]["names"])


@lru_cache(maxsize=1)
def _maybe_names() -> frozenset[str]:
    return frozenset(_data()["maybe"]["names"])


def _maybe(name: str) -> bool:
    return name in _maybe_names()


@lru_cache(maxsize=1)
def _shapes() -> tuple[tuple[frozenset[str], re.Pattern[str]], ...]:
    return tuple(
        (frozenset(one["names"]), re.compile("|".join(one["values"]), re.I))  # type: ignore[index]
        for one in _data()["shaped"]
    )


def _chooses_nothing(name: str, value: str) -> bool:
    if any(matches_name(pattern, name) for pattern in _data()["sessions"]):
        return True
    return any(name in names and shape.fullmatch(value) for names, shape in _shapes())
