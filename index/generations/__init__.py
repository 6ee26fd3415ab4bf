"""Generations of the index: built by worker processes, swapped in, checked, healed."""
