"""One URL → one answer, within limits."""
