"""Downloads what the ministries publish: sources.toml in, files with sidecars under raw/ out."""
