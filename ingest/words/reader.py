"""Reads the words of fetched files in a separate process, which may hang, grow or die.

`Reader.look` takes bytes and gives a `Look`. A file that takes too much time or memory gives None,
and is compared by its bytes.
"""

import hashlib
import os
import selectors
import subprocess
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import IO

import msgspec

from shisaku.ingest.children import end, frame, start, unframe
from shisaku.ingest.sniff import sniff
from shisaku.ingest.words.look import Ask, Look

SECONDS = 30.0
"""Seconds for one file. A page of 10 MB takes about 5 s, a PDF of 60 MB about 2 s."""
MEMORY_MB = 1024
"""MB for one file, as in `ingest`."""
GIVE_UP = 3
"""Files of one source that may fail, before its other files are compared by bytes only. Else a
hostile source could delay the run by 30 s with each file."""
_REMEMBERED = 16
"""Results in the cache: a file is read for its kind, then for its words."""
_WORKER = "shisaku.ingest.words.worker:main"


class Reader:
    """One process, started when first needed; call `close` at the end."""

    def __init__(self, *, seconds: float = SECONDS, memory_mb: int = MEMORY_MB) -> None:
        self._seconds = seconds
        self._memory_mb = memory_mb
        self._process: subprocess.Popen[bytes] | None = None
        self._failures = 0
        self._check: Callable[[], None] = _no_end
        self._kept: OrderedDict[tuple[str, str], Look | None] = OrderedDict()

    def renew(self, check: Callable[[], None] | None = None) -> None:
        """Begin another source, with its own count of failures.

        `check` is called before each file that is read, and raises where the source has no time
        left; `look` and `same_words` pass that on.
        """
        self._failures = 0
        self._check = check or _no_end

    def look(self, body: bytes, charset: str = "") -> Look | None:
        """Return the look of a file; None where it is no PDF or web page, or cannot be read."""
        kind = sniff(body)
        if kind not in ("pdf", "html"):
            return None
        key = (hashlib.sha256(body).hexdigest(), charset)
        if key not in self._kept:
            if self._failures >= GIVE_UP:
                return None
            self._check()
            self._kept[key] = self._ask(Ask("pdf" if kind == "pdf" else "html", body, charset))
            if len(self._kept) > _REMEMBERED:
                self._kept.popitem(last=False)
        return self._kept[key]

    def same_words(self, one: tuple[bytes, str], other: tuple[bytes, str]) -> bool:
        """Return whether two files (bytes, charset of the HTTP header) have the same words.

        False where the words of either cannot be read.
        """
        if one[0] == other[0]:
            return True
        looks = [self.look(*one), self.look(*other)]
        first, second = (found.digest if found else "" for found in looks)
        return bool(first) and first == second

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        end(process)

    def _ask(self, asked: Ask) -> Look | None:
        try:
            process = self._process or self._start()
            found = self._talk(process, frame(asked), time.monotonic() + self._seconds)
        except OSError:
            found = None
        if found is None:
            self._failures += 1
            self.close()
            return None
        try:
            return msgspec.msgpack.decode(found, type=Look)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            self.close()
            return None

    def _start(self) -> subprocess.Popen[bytes]:
        process = start(_WORKER, [str(self._memory_mb)], subprocess.DEVNULL)
        self._process = process
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            os.set_blocking(pipe.fileno(), False)
        return process

    def _talk(
        self, process: subprocess.Popen[bytes], message: bytes, deadline: float
    ) -> bytes | None:
        """Send a message and return the answer; None at the deadline or the end of the process."""
        assert process.stdin is not None and process.stdout is not None
        sent, got = memoryview(message), bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            selector.register(process.stdin, selectors.EVENT_WRITE)
            while (left := deadline - time.monotonic()) > 0:
                for key, _ in selector.select(left):
                    if key.fileobj is process.stdin:
                        sent = sent[_write(process.stdin, sent) :]
                        if not sent:
                            selector.unregister(process.stdin)
                        continue
                    chunk = process.stdout.read(1 << 16)
                    if chunk == b"":
                        return None
                    got += chunk or b""
                if (answer := unframe(got)) is not None:
                    return answer
        return None


def _no_end() -> None:
    pass


def _write(pipe: IO[bytes], data: memoryview) -> int:
    return pipe.write(data[: 1 << 16]) or 0
