"""Text → tokens: folding, MeCab, lemmas, numerals, calendars, and names that documents define."""
