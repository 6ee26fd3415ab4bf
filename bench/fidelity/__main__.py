"""`python -m bench.fidelity`: see `run`."""

from bench.fidelity.run import main

main()
