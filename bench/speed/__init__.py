"""What the work costs: rows of docs/benchmarks.md."""
