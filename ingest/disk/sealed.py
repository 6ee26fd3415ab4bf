"""JSON files that carry a checksum of their own bytes, so that damage is found when they are read.

A sealed file is a JSON object whose first member is `"seal"`: the CRC-32, in hex, of all bytes that
follow that member. Other programs read it as JSON and ignore the member. The seal finds damage; it
is no signature: anyone who can write the file can compute it. (SHA-256 would do no better here, and
loading `hashlib` takes a tenth of the time of a search.)
"""

import zlib

_HEAD, _TAIL = b'{"seal":"', b'",'
_START = len(_HEAD) + 8 + len(_TAIL)
"""Bytes before those that the checksum covers."""


class BrokenSealError(ValueError):
    """The bytes are not those that were sealed."""


def seal(raw: bytes) -> bytes:
    """Return the JSON object `raw` (with at least one member, beginning with "{") with its seal."""
    rest = raw[1:]
    return _HEAD + f"{zlib.crc32(rest):08x}".encode() + _TAIL + rest


def is_sealed(raw: bytes) -> bool:
    """Return whether the bytes begin with the member of a seal."""
    return raw.startswith(_HEAD)


def unseal(raw: bytes) -> bytes:
    """Return `raw` unchanged (JSON with its seal) after checking the seal.

    Raises:
        BrokenSealError: it has no seal, or the checksum differs.

    """
    rest = memoryview(raw)[_START:]
    if raw[:_START] != _HEAD + f"{zlib.crc32(rest):08x}".encode() + _TAIL:
        raise BrokenSealError("it has other content than was written")
    return raw
