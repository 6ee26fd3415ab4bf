"""Fetched files under raw/, their sidecars and earlier versions."""
