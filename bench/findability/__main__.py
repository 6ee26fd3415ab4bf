"""`python -m bench.findability`: see `run`."""

from bench.findability.run import main

main()
