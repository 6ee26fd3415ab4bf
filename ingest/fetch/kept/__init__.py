"""Fetched files under raw/ and their earlier versions."""
