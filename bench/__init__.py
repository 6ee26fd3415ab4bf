"""Measures how faithful the parser is; `make fidelity` runs it, docs/fidelity.md explains it."""
