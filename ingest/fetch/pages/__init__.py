"""Watched pages: their links, lists of several pages, error pages, and equivalent URLs."""
