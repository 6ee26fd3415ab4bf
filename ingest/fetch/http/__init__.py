"""HTTP: one URL → one answer, within limits of time and size, from public addresses only."""
