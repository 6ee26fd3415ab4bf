"""Behaviour under faults: the rows of docs/resilience.md."""
