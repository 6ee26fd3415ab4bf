"""From raw files to parsed documents; nothing in here knows that an index exists."""
