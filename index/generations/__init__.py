"""Generations of the index: built by worker processes, swapped in, checked, healed."""

KEPT = 2
"""Generations that stay, the one that answers among them. It stands here, where no library is
loaded for it, as the command line names it in `--help`."""
