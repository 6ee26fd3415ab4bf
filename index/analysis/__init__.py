"""Text → tokens: folding, MeCab, lemmas, numerals, other calendars, names that documents define."""
