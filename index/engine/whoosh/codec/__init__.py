"""How a segment lies on disk: postings, columns, checksums."""
