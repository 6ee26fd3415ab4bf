"""What a night survives: rows of docs/resilience.md."""
