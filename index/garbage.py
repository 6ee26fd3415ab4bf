"""When the garbage collector works: not where it would find nothing, over and over.

What Python imports, and what a search finds, stays until the end, and few objects of it refer to
each other in circles. To look through all of it takes a fifth of the time of an answer.
"""

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager

# Python looks through everything twice more when it ends, and hands back none of it to anybody.
atexit.register(gc.freeze)


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the garbage collector out; who makes garbage in there can call it in again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@contextmanager
def importing() -> Iterator[None]:
    """Keep the garbage collector out, and what was made by then out of its sight for ever."""
    with uncollected():
        yield
        gc.freeze()
