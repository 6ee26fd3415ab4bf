"""What runs did, and how a data directory stands."""

KEPT = 100
"""Records of runs that stay, the newest. It stands here, where no library is loaded for it, as the
command line names it in `--help`."""
