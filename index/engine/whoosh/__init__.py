"""The embedded engine: matches, scores and facets over a generation of Whoosh segments."""
