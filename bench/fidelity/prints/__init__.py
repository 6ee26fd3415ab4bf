"""Prints of known texts: made in browsers and word processors, set in other ways."""
