"""From raw files (PDF, HTML) to parsed documents (JSON); nothing here imports `index`."""
