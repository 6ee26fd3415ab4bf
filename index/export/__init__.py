"""Hits in the formats that other programs read, and how a passage is cited."""
