"""Text helpers that both rooms share: repair, folding, dates, numerals, and their domain data."""
