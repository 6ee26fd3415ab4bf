"""When Python looks for garbage that refers to itself: seldom while a document is read.

A page is ten thousands of objects that all stay until it is done with, and next to none of them
refer to each other in circles. Python's own pace of 700 new objects looks through them over and
over and finds nothing; that was a twelfth of the time that a document takes.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_OBJECTS = 50_000
"""New objects after which garbage is looked for: what a few pages leave, some 10 MB of it."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Have the garbage collector work seldom; where it is off or slower still it stays so."""
    before = gc.get_threshold()
    if 0 < before[0] < _OBJECTS:
        gc.set_threshold(_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
