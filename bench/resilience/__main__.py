"""`python -m bench.resilience`: see `run`."""

from bench.resilience.run import main

main()
