"""When the garbage collector works: not where it would find nothing, over and over.

What Python imports, and what a search finds, stays until the end, and few objects of it refer to
each other in circles. To look through all of it takes a fifth of the time of an answer.
"""

import atexit
import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_inside = 0
_was = True


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the garbage collector out while any thread is in here.

    Who makes garbage in there can call it in again.
    """
    global _inside, _was
    with _lock:
        if not _inside:
            _was = gc.isenabled()
            gc.disable()
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if _was and not _inside:
                gc.enable()


@contextmanager
def importing() -> Iterator[None]:
    """Keep the garbage collector out, and what was made by then out of its sight for ever.

    For a program as a whole: at its end, too, nothing is looked through.
    """
    # Python would do that twice more, and hand back none of it to anybody.
    atexit.register(gc.freeze)
    with uncollected():
        yield
        gc.freeze()
