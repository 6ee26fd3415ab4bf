"""Times one stage on inputs that double, in a process of its own: `python -m bench.doubling_child`.

Arguments: the names of a stage and a dimension of `bench.doubling_rows`. Prints a JSON object with
the sizes (bytes or characters) and processor times (seconds) of the last two inputs, and a `note`
where none was long enough to be timed. What the stage remembers from call to call is cleared before
each run: a second run would else be a look into a cache.
"""

import gc
import json
import resource
import sys
import time
from typing import Any

from bench.doubling_rows import STAGES

LEAST = 0.2
"""Seconds of processor time from which a run is long enough to be compared."""

RUNS = 5
_SLOW = 20.0
"""Seconds: who takes longer at twice an input that took some tenths of a second grows too fast."""

_MEMORY = 3 << 30  # bytes of addresses


def forget() -> None:
    """Empty the bounded caches of the project; tables of domain data stay."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in ("ingest", "index"):
            for value in list(vars(module).values()):
                parameters = getattr(value, "cache_parameters", None)
                if parameters is not None and parameters()["maxsize"] is not None:
                    value.cache_clear()


def once(stage: Any, made: Any) -> float:
    """Return the processor time of one run."""
    forget()
    gc.collect()
    start = time.process_time()
    stage(made)
    return time.process_time() - start


def least(stage: Any, made: Any) -> float:
    """Return the least time of five runs, of fewer where one takes very long."""
    best = once(stage, made)
    for _ in range(RUNS - 1):
        if best > _SLOW:
            break
        best = min(best, once(stage, made))
    return best


def main(arguments: list[str]) -> None:
    """Find the size, time it and its double."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    name, dimension = arguments
    stage = STAGES[name]
    make = stage.inputs[dimension]
    once(stage.run, stage.prepare(make(8)))  # what is loaded and compiled at the first call
    count = 32
    while True:
        made = stage.prepare(make(count))
        took = once(stage.run, made)
        if took >= LEAST:
            break
        size = stage.size(make(count))
        if size >= stage.largest or count > stage.largest:
            print(json.dumps({"sizes": [size], "times": [took], "note": "fast enough"}))
            return
        count *= 4 if took < LEAST / 10 and size < stage.largest / 4 else 2
    sizes, times = [], []
    for at in (count, 2 * count):
        sizes.append(stage.size(make(at)))
        times.append(least(stage.run, stage.prepare(make(at))))
    print(json.dumps({"sizes": sizes, "times": times, "note": ""}))


if __name__ == "__main__":
    main(sys.argv[1:])
