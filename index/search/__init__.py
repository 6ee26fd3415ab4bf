"""A request → hits, counts and records of one generation."""
