"""Headings: numbering, contents pages, articles, slides, how headings nest."""
