"""URLs: one spelling for each, the patterns that pick them, and a safe file name for each.

Whether two spellings lead to one document is decided in `identity.py`.

A file's name comes from the URL it was linked by and from nothing that a server says
(Content-Disposition may hold `../`), so it is the same in every run and on every machine.
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
"""Characters; longer ones come from scripts that went wrong, and servers refuse them."""
_STEM_BYTES = 120
"""With hash, suffix and sidecar suffix well below the 255 bytes of every common file system."""
_PORTS = {"http": 80, "https": 443}
_LETTERS = frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_HASHED = re.compile(r"-[0-9a-f]{12}\Z")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
# Device names of Windows, with any suffix (Naming Files, Paths, and Namespaces).
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)", re.I)


def canonical(link: str, base: str = "", encoding: str = "utf-8") -> str | None:
    """Return the one spelling of a link: absolute, without fragment, default port and `..`.

    `encoding` is the codec of the page that holds the link: the query is sent in it, the path in
    UTF-8 (URL Standard, 4.4, query state). None for what cannot be fetched: other schemes, no host,
    a user name, nonsense.
    """
    # Browsers drop line breaks and tabs inside an address, so pages with them work for readers.
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
    """Write what is not ASCII in the query of a link as the bytes of an encoding, %XX each."""
    place, mark, rest = link.partition("?")
    query, number_sign, fragment = rest.partition("#")
    if "#" in place:  # the "?" is one of the fragment
        return link

    def escaped(run: re.Match[str]) -> str:
        # A character that the encoding lacks is sent as its number, as browsers do.
        data = run[0].encode(encoding, "xmlcharrefreplace")
        return "".join(chr(byte) if byte in _LETTERS else f"%{byte:02X}" for byte in data)

    return place + mark + _NOT_ASCII.sub(escaped, query) + number_sign + fragment


def host_of(url: str) -> str:
    """Return the host of a canonical URL, with its port where that is not the scheme's own."""
    return parse_url(url).netloc or ""


def identity(url: str) -> str:
    """Return what http and https share: a site that moves from one to the other keeps its files."""
    return url.partition("://")[2]


def origin_of(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of a canonical URL."""
    parsed = parse_url(url)
    scheme = parsed.scheme or "http"
    return scheme, parsed.host or "", parsed.port or _PORTS[scheme]


def target_of(url: str) -> str:
    """Return path and query of a canonical URL: what the request line asks for."""
    return parse_url(url).request_uri


def suffix_of(url: str) -> str:
    """Return the suffix of a URL's path in lower case, ".pdf" of …/a.PDF;x=1?y=2; "" where none."""
    name = _last_part(url)
    return ("." + name.rpartition(".")[2].lower()) if "." in name else ""


def directory_of(url: str) -> str:
    """Return a URL up to and with the last slash of its path."""
    return url.partition("?")[0].rpartition("/")[0] + "/"


def matches(pattern: str, url: str) -> bool:
    """Return whether a pattern covers a URL; `*` stands for any characters, case does not count.

    The URL is compared as it is and with its %XX read as UTF-8, with its query and without, and
    without parameters behind its path (`;jsessionid=…`).
    """
    bare = url.partition("?")[0]
    folder, slash, name = bare.rpartition("/")
    shortest = folder + slash + name.partition(";")[0]
    forms = {url, bare, shortest, unquote(url), unquote(bare), unquote(shortest)}
    return any(matches_name(pattern, form) for form in forms)


def matches_name(pattern: str, text: str) -> bool:
    """Return whether a pattern covers a text; `*` stands for any characters, case does not count."""
    return bool(_compiled(pattern).fullmatch(text))


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    # Atomic, as fnmatch does it: where the first place of a part will do, no later one is tried.
    # With plain `.*` six stars took hours on an address that was made for it.
    first, *rest = map(re.escape, re.sub(r"\*+", "*", pattern).split("*"))
    if not rest:
        return re.compile(first, re.I | re.S)
    middle = "".join(f"(?>.*?{part})" for part in rest[:-1])
    return re.compile(f"{first}{middle}.*{rest[-1]}", re.I | re.S)


def is_device(name: str) -> bool:
    """Return whether Windows would take a file or folder of that name for a device."""
    return bool(_DEVICES.match(name))


def file_name(url: str, suffix: str) -> str:
    """Return the file name of a URL: its last part made safe, a hash of its identity, `suffix`.

    The hash keeps apart what has the same last part, or differs in case only, or was cut, without
    regard to which came first.
    """
    digest = hashlib.sha256(identity(url).encode()).hexdigest()[:12]
    return f"{_stem(url)}-{digest}{suffix}"


def plain_name(url: str, page: str, suffix: str) -> str | None:
    """Return the last part of a URL as a file name where it can be one as it is, else None.

    It can where the URL lies in the folder of `page`, has neither query nor parameters, and its
    last part is in lower case, safe, ends with `suffix`, and does not look like `file_name`'s. So
    each name is that of one URL.
    """
    name = url.rpartition("/")[2]
    folder = directory_of(page)
    if url != folder + name or ";" in url or not name.endswith(suffix):
        return None
    as_it_is = name == _stem(url) + suffix and name == name.lower()
    return name if as_it_is and not _HASHED.search(name.removesuffix(suffix)) else None


def _last_part(url: str) -> str:
    """Return the last part of a URL's path without what stands behind a ";" in it."""
    last = (parse_url(url).path or "/").rpartition("/")[2]
    return last.partition(";")[0] or last


def _stem(url: str) -> str:
    last = (parse_url(url).path or "/").rstrip("/").rpartition("/")[2]
    name = unicodedata.normalize("NFC", _decoded(last))
    stem, dot, _ = name.rpartition(".")
    stem = stem if dot else name
    # Letters and digits of any script, and their marks; not the rest, which holds separators,
    # controls, and characters that turn the direction of writing.
    safe = "".join(c if c in "-_" or unicodedata.category(c)[0] in "LNM" else "_" for c in stem)
    safe = safe.encode()[:_STEM_BYTES].decode(errors="ignore").strip("-_") or "index"
    return f"_{safe}" if is_device(safe) else safe


def _decoded(part: str) -> str:
    data = unquote_to_bytes(part)
    # Servers on Japanese Windows name their files in cp932. Python's cp932 knows every byte: those
    # of no character (FF) become private-use ones.
    for encoding in ("utf-8", "cp932"):
        with contextlib.suppress(UnicodeDecodeError):
            text = data.decode(encoding)
            if not any(unicodedata.category(char) == "Co" for char in text):
                return text
    return "".join(chr(byte) if byte < 0x80 else f"{byte:02X}" for byte in data)
