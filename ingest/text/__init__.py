"""Text helpers that both rooms share: repair, folding, dates, numerals. No input, no output."""
