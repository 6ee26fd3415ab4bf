"""JSON files that carry a checksum of their own bytes, so that a flipped bit shows at once.

A sealed file is a JSON object whose first member is `"seal"`: the CRC-32, in hex, of all bytes that
follow that member. Other programs read it as JSON like any other and skip the member. The seal
finds damage; it is no signature: whoever can write the file can seal it anew. (SHA-256 would do no
better here, and loading it takes a tenth of the time of a search.)
"""

import zlib

_HEAD, _TAIL = b'{"seal":"', b'",'
_START = len(_HEAD) + 8 + len(_TAIL)
"""Bytes before what the checksum is taken of."""


class BrokenSealError(ValueError):
    """The bytes are not those that were sealed."""


def seal(raw: bytes) -> bytes:
    """Return the JSON object `raw` (not empty, no white space before it) with its seal."""
    rest = raw[1:]
    return _HEAD + f"{zlib.crc32(rest):08x}".encode() + _TAIL + rest


def is_sealed(raw: bytes) -> bool:
    """Tell whether the bytes begin as a sealed file does."""
    return raw.startswith(_HEAD)


def unseal(raw: bytes) -> bytes:
    """Return `raw`, which is JSON, once its seal has been compared.

    Raises:
        BrokenSealError: it has none, or other bytes than were sealed.

    """
    rest = memoryview(raw)[_START:]
    if raw[:_START] != _HEAD + f"{zlib.crc32(rest):08x}".encode() + _TAIL:
        raise BrokenSealError("it has other content than was written")
    return raw
