"""Records of runs (runs/*.json), and the status of a data directory."""
