"""Text helpers of ingest/ and index/: repair, folding, dates, numerals, and their domain data."""
