"""URLs as strings: canonical form, parts, patterns, and a safe file name for each.

Whether two URLs lead to one document is decided in `pages/identity.py`. The trap: the file name is
computed from the URL alone and never from a header (Content-Disposition may hold `../`), so it is
safe, and equal in every run and on every machine.
"""

import contextlib
import hashlib
import re
import unicodedata
from functools import lru_cache
from urllib.parse import unquote, unquote_to_bytes, urljoin

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

_LONGEST_URL = 2000
"""Characters of a URL; longer ones come from broken scripts, and servers refuse them."""
_STEM_BYTES = 120
"""Bytes of the stem; with hash and suffixes a name stays under 255 bytes (NAME_MAX)."""
_PORTS = {"http": 80, "https": 443}
_LETTERS = frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_HASHED = re.compile(r"-[0-9a-f]{12}\Z")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
# Device names of Windows, with any suffix (Microsoft: Naming Files, Paths, and Namespaces).
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)", re.I)


def canonical(link: str, base: str = "", encoding: str = "utf-8") -> str | None:
    """Return a link as a canonical URL: absolute, without fragment, default port and `..`.

    `encoding` is the codec of the page with the link: the query is encoded in it, the path in UTF-8
    (WHATWG URL Standard, 4.4, query state). None for what cannot be fetched: other schemes, no
    host, a user name, no URL.
    """
    # Browsers drop line breaks and tabs inside a URL (WHATWG URL Standard, 4.4).
    clean = re.sub(r"[\t\r\n]", "", link).strip()
    if encoding != "utf-8" and not clean.isascii():
        clean = _encoded_query(clean, encoding)
    try:
        url = parse_url(urljoin(base, clean))
    except (LocationParseError, ValueError):
        return None
    if url.scheme not in _PORTS or not url.host or url.auth:
        return None
    port = None if url.port == _PORTS[url.scheme] else url.port
    found = Url(url.scheme, None, url.host, port, url.path or "/", url.query).url
    return found if len(found) <= _LONGEST_URL else None


def _encoded_query(link: str, encoding: str) -> str:
    """Return a link with the non-ASCII characters of its query as %XX of an encoding."""
    place, mark, rest = link.partition("?")
    query, number_sign, fragment = rest.partition("#")
    if "#" in place:  # the "?" is part of the fragment
        return link

    def escaped(run: re.Match[str]) -> str:
        # A character that the encoding lacks is sent as &#N; (WHATWG Encoding Standard, "html"
        # mode).
        data = run[0].encode(encoding, "xmlcharrefreplace")
        return "".join(chr(byte) if byte in _LETTERS else f"%{byte:02X}" for byte in data)

    return place + mark + _NOT_ASCII.sub(escaped, query) + number_sign + fragment


def host_of(url: str) -> str:
    """Return the host of a canonical URL, with its port where that is not the scheme's own."""
    return parse_url(url).netloc or ""


def identity(url: str) -> str:
    """Return a URL without its scheme: a site that moves from http to https keeps its files."""
    return url.partition("://")[2]


def origin_of(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of a canonical URL."""
    parsed = parse_url(url)
    scheme = parsed.scheme or "http"
    return scheme, parsed.host or "", parsed.port or _PORTS[scheme]


def target_of(url: str) -> str:
    """Return path and query of a canonical URL, as in the request line (RFC 9112, 3.2.1)."""
    return parse_url(url).request_uri


def suffix_of(url: str) -> str:
    """Return the suffix of a URL's path in lower case, ".pdf" of …/a.PDF;x=1?y=2; "" where none."""
    name = _last_part(url)
    return ("." + name.rpartition(".")[2].lower()) if "." in name else ""


def directory_of(url: str) -> str:
    """Return a URL up to the last slash of its path, inclusive."""
    return url.partition("?")[0].rpartition("/")[0] + "/"


def matches(pattern: str, url: str) -> bool:
    """Return whether a pattern matches a URL; `*` matches any characters, case is ignored.

    The URL is compared as it is and with its %XX decoded as UTF-8, with and without its query, and
    without parameters after its path (`;jsessionid=…`).
    """
    bare = url.partition("?")[0]
    folder, slash, name = bare.rpartition("/")
    shortest = folder + slash + name.partition(";")[0]
    forms = {url, bare, shortest, unquote(url), unquote(bare), unquote(shortest)}
    return any(matches_name(pattern, form) for form in forms)


def matches_name(pattern: str, text: str) -> bool:
    """Return whether a pattern matches a text; `*` matches any characters, case is ignored."""
    return bool(_compiled(pattern).fullmatch(text))


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    # Atomic groups, as fnmatch makes them: the first match of a part is kept. With plain `.*` six
    # stars took hours on a URL made for it.
    first, *rest = map(re.escape, re.sub(r"\*+", "*", pattern).split("*"))
    if not rest:
        return re.compile(first, re.I | re.S)
    middle = "".join(f"(?>.*?{part})" for part in rest[:-1])
    return re.compile(f"{first}{middle}.*{rest[-1]}", re.I | re.S)


def is_device(name: str) -> bool:
    """Return whether a file or folder name is that of a device on Windows (CON, NUL, COM1, …)."""
    return bool(_DEVICES.match(name))


def file_name(url: str, suffix: str) -> str:
    """Return the file name of a URL: its last part made safe, a hash of its identity, `suffix`.

    The hash tells URLs apart whose last parts are equal, differ in case only or were cut, whatever
    their order.
    """
    digest = hashlib.sha256(identity(url).encode()).hexdigest()[:12]
    return f"{_stem(url)}-{digest}{suffix}"


def plain_name(url: str, page: str, suffix: str) -> str | None:
    """Return the last part of a URL where it can be a file name unchanged, else None.

    It can where the URL is in the folder of `page`, has neither query nor parameters, and its last
    part is in lower case, safe, ends in `suffix` and does not have the form of `file_name`. So no
    two URLs have the same name.
    """
    name = url.rpartition("/")[2]
    folder = directory_of(page)
    if url != folder + name or ";" in url or not name.endswith(suffix):
        return None
    as_it_is = name == _stem(url) + suffix and name == name.lower()
    return name if as_it_is and not _HASHED.search(name.removesuffix(suffix)) else None


def _last_part(url: str) -> str:
    """Return the last part of a URL's path, up to a ";"."""
    last = (parse_url(url).path or "/").rpartition("/")[2]
    return last.partition(";")[0] or last


def _stem(url: str) -> str:
    last = (parse_url(url).path or "/").rstrip("/").rpartition("/")[2]
    name = unicodedata.normalize("NFC", _decoded(last))
    stem, dot, _ = name.rpartition(".")
    stem = stem if dot else name
    # Letters, digits and marks of any script (Unicode: General_Category L, N, M). The rest includes
    # separators, controls and bidirectional controls.
    safe = "".join(c if c in "-_" or unicodedata.category(c)[0] in "LNM" else "_" for c in stem)
    safe = safe.encode()[:_STEM_BYTES].decode(errors="ignore").strip("-_") or "index"
    return f"_{safe}" if is_device(safe) else safe


def _decoded(part: str) -> str:
    data = unquote_to_bytes(part)
    # Servers on Japanese Windows name files in cp932. Python's codec decodes every byte: bytes
    # without a character (FF) give private-use characters.
    for encoding in ("utf-8", "cp932"):
        with contextlib.suppress(UnicodeDecodeError):
            text = data.decode(encoding)
            if not any(unicodedata.category(char) == "Co" for char in text):
                return text
    return "".join(chr(byte) if byte < 0x80 else f"{byte:02X}" for byte in data)
