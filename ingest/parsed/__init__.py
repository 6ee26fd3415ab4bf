"""Parsed documents as JSON files under parsed/, their ids, and the sidecars of raw files."""
