"""Writing under the data directory: lock, atomic files, caches keyed by stat, removal limits."""
