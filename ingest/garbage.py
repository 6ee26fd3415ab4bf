"""The cyclic garbage collector, run less often while a document is read.

A page gives tens of thousands of objects that all live until it is done, and hardly any reference
cycles. With Python's threshold of 700 new objects the collector scanned them over and over and
found nothing: a twelfth of the time that a document takes.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_OBJECTS = 50_000
"""New objects after which the collector runs: those of a few pages, about 10 MB."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Raise the collector's threshold to `_OBJECTS` within the context; never lower it."""
    before = gc.get_threshold()
    if 0 < before[0] < _OBJECTS:
        gc.set_threshold(_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
