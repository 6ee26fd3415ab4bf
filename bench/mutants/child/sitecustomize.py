"""Has every Python that a recorded test starts record as well (bench/mutants/watch.py)."""

import os

if "SHISAKU_CALLS" in os.environ and "PYTEST_CURRENT_TEST" in os.environ:
    from bench.mutants import watch

    watch.watch()
