"""Times stages on inputs that double, in a process of its own: `python -m bench.doubling_child`.

With the names of a stage and a dimension of `bench.doubling_rows` it measures that row: prints a
JSON object with the sizes (bytes or characters) and processor times (seconds) of two inputs, of
which one is twice the other, and a `note` where none was long enough to be timed. With `--screen`
it reads rows from stdin, "stage<tab>dimension" a line, looks at each quickly and prints an object a
line before (`row`) and after (`count`, `times`). What a stage remembers from call to call is
cleared before each run: a second run would else be a look into a cache.
"""

import gc
import json
import resource
import sys
import time
from typing import Any

from bench.doubling_rows import STAGES, Stage

LEAST = 0.2
"""Seconds of processor time from which a run is long enough to be compared."""

RUNS = 5
_SLOW = 20.0
"""Seconds: who takes longer at twice an input that took some tenths of a second grows too fast."""

_CLIMB = 2.1
"""Growth from which a row is measured at larger inputs too: a square term of a tenth at 0.2 s is
half of the time some doublings later, where a document can be as large."""

_LONG = 2.0
"""Seconds at which that ends."""

SCREENED = 0.06
"""Seconds of one run from which an input is compared with four times as much in the quick look."""

_PREPARED = 1.5
"""Seconds of preparing an input (reading a PDF for the structure of its text) from which larger
ones are not tried: hundredths of a second beside that are no part of what a document takes."""

_MEMORY = 3 << 30  # bytes of addresses


def forget() -> None:
    """Empty the bounded caches of the project; tables of domain data stay."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("shisaku.ingest.", "shisaku.index.")):
            for value in list(vars(module).values()):
                parameters = getattr(value, "cache_parameters", None)
                if parameters is not None and parameters()["maxsize"] is not None:
                    value.cache_clear()


def once(stage: Stage, made: Any) -> float:
    """Return the processor time of one run."""
    forget()
    gc.collect()
    start = time.process_time()
    stage.run(made)
    return time.process_time() - start


def prepare(stage: Stage, made: Any) -> tuple[Any, bool]:
    """Return what the stage takes, and whether preparing it took too long to try a larger one."""
    start = time.process_time()
    prepared = stage.prepare(made)
    return prepared, time.process_time() - start > _PREPARED


def least(stage: Stage, made: Any, runs: int = RUNS) -> float:
    """Return the least time of so many runs, of fewer where one takes very long."""
    best = once(stage, made)
    for _ in range(runs - 1):
        if best > _SLOW:
            break
        best = min(best, once(stage, made))
    return best


def screen(name: str, dimension: str) -> dict[str, Any]:
    """Compare an input that takes some hundredths of a second with four times as much.

    Fourfold shows a square term that is a sixteenth of the time as well as twice shows a quarter.
    """
    stage = STAGES[name]
    make = stage.inputs[dimension]
    _limit()
    once(stage, stage.prepare(make(8)))
    count = 32
    sizes: list[int] = []
    times: list[float] = []
    while True:
        _limit()
        data = make(count)
        made, enough = prepare(stage, data)
        sizes.append(stage.size(data))
        times.append(once(stage, made))
        if times[-1] >= SCREENED or enough:
            break
        if sizes[-1] >= stage.largest or count > stage.largest:
            return {"sizes": sizes[-1:], "times": times[-1:]}
        count *= 4
    if not enough:
        times[-1] = min(times[-1], once(stage, made))
        _limit()
        data = make(4 * count)
        sizes.append(stage.size(data))
        times.append(once(stage, stage.prepare(data)))
    if len(times) < 2 or times[-1] < SCREENED:
        return {"sizes": sizes[-1:], "times": times[-1:]}
    return {"sizes": sizes[-2:], "times": times[-2:]}


def _limit() -> None:
    """Let the system end this process where the next run takes far too long, even within C."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime + 2 * _SLOW)
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


def measure(name: str, dimension: str) -> dict[str, Any]:
    """Find the size that takes long enough, time it and its double.

    Where that grows more than it should, but less than it may, larger inputs decide.
    """
    stage = STAGES[name]
    make = stage.inputs[dimension]
    once(stage, stage.prepare(make(8)))  # what is loaded and compiled at the first call
    count = 32
    while True:
        data = make(count)
        size = stage.size(data)
        made, enough = prepare(stage, data)
        took = once(stage, made)
        if took >= LEAST:
            break
        if enough or size >= stage.largest or count > stage.largest:
            return {"sizes": [size], "times": [took]}
        count *= 4 if took < LEAST / 10 and size < stage.largest / 4 else 2
    sizes = [size]
    times = [least(stage, made)]
    while True:
        count *= 2
        data = make(count)
        sizes.append(stage.size(data))
        times.append(least(stage, stage.prepare(data)))
        grown = times[-1] / times[-2]
        if not _CLIMB < grown <= _MOST or times[-1] > _LONG or sizes[-1] > stage.largest:
            return {"sizes": sizes[-2:], "times": times[-2:]}


_MOST = 2.6


def main(arguments: list[str]) -> None:
    """Measure a row, or look at those that stdin names."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    if arguments != ["--screen"]:
        print(json.dumps(measure(*arguments)))
        return
    for line in sys.stdin.read().splitlines():
        name, dimension = line.split("\t")
        print(json.dumps({"row": [name, dimension]}), flush=True)
        try:
            told = screen(name, dimension)
        except Exception as fault:
            told = {"fault": f"{type(fault).__name__}: {fault}"[:200]}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
