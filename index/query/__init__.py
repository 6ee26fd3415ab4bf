"""A query as typed → syntax tree → patterns of words, and where a text holds them."""
