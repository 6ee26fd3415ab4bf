"""Brings what the ministries publish into raw/: sources.toml in, files with sidecars out."""
