"""The body of an answer, decompressed as it arrives and never larger than its limit.

10 MB of zeros are 10 kB on the wire, and a megabyte of empty gzip members is an hour of work for
nothing: so what comes out is bounded while it is made, and so are the members.
"""

import re
import zlib
from collections.abc import Iterator, Mapping

from urllib3 import BaseHTTPResponse

from shisaku.ingest.fetch.failures import FetchFailure, url_problem

_CHUNK = 1 << 16
_DIGITS = re.compile(r"\d{1,18}")
_MEMBERS = 1000
"""Members of one gzip file; programs that write blocks (bgzip) make one per 64 kB."""
_GZIP = 16 + zlib.MAX_WBITS


def read_body(
    response: BaseHTTPResponse, headers: Mapping[str, str], limit: int, *, head_only: bool = False
) -> bytes:
    """Return the body of an answer, decompressed; at most `limit` bytes before and after that.

    With `head_only` a longer body is cut at the limit; the rest is not read.

    Raises:
        FetchFailure: it is larger, compressed in a way that was not asked for, or damaged.

    """
    too_large = FetchFailure(url_problem("too_large", f"{limit / 1_000_000:g}"))
    length = headers.get("content-length", "").strip()
    if not head_only and _DIGITS.fullmatch(length) and int(length) > limit:
        raise too_large
    body = bytearray()
    for piece in _decompressed(_received(response, limit, head_only), headers, limit):
        body += piece
        if len(body) > limit:
            if head_only:
                return bytes(body[:limit])
            raise too_large
    return bytes(body)


def _received(response: BaseHTTPResponse, limit: int, head_only: bool) -> Iterator[bytes]:
    left = limit
    # Raises where there is less than Content-Length says.
    while chunk := response.read(_CHUNK, decode_content=False):
        yield chunk
        left -= len(chunk)
        if left < 0:
            if head_only:
                return
            raise FetchFailure(url_problem("too_large", f"{limit / 1_000_000:g}"))


def _decompressed(
    pieces: Iterator[bytes], headers: Mapping[str, str], limit: int
) -> Iterator[bytes]:
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding in ("", "identity"):
        yield from pieces
        return
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise FetchFailure(url_problem("broken", f"compressed as {encoding[:20]!r}, unasked"))
    try:
        yield from inflated(pieces, limit)
    except EOFError as error:
        raise FetchFailure(url_problem("broken", "compression ends early"), again=True) from error
    except zlib.error as error:
        raise FetchFailure(url_problem("broken", "compression"), again=True) from error


def inflated(pieces: Iterator[bytes], limit: int) -> Iterator[bytes]:
    """Yield what gzip or zlib data hold, in pieces of `limit` + 1 bytes at most.

    One gzip member may follow the other, and all of them are the file (RFC 1952, 2.2): a page that
    ended with the first would seem to have lost its links. Zeros after the end are padding.

    Raises:
        EOFError: the data end before their end.
        zlib.error: they are damaged.

    """
    unpacker = None
    members = 0
    gzip = False
    for piece in pieces:
        rest = piece
        while rest:
            if unpacker is None:
                if members and not (rest := rest.lstrip(b"\0")):
                    break
                gzip = gzip or (not members and rest[:1] == b"\x1f")
                members += 1
                if members > (_MEMBERS if gzip else 1):
                    raise zlib.error("more follows the end")
                unpacker = zlib.decompressobj(_GZIP if gzip else zlib.MAX_WBITS)
            yield unpacker.decompress(rest, limit + 1)
            # What the length held back: with a piece of that length the reader has given up.
            rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            if unpacker.eof:
                unpacker = None
    if unpacker is not None or not members:
        raise EOFError
