"""How well the search finds: rows of docs/findability.md."""
