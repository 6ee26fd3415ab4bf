"""Measurements: fidelity of the parser, findability, resilience, speed (docs/*.md explain them)."""
