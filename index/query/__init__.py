"""A query as typed → syntax tree → patterns of words, and their positions in a text."""
