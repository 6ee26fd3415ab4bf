"""Speed and memory: the rows of docs/benchmarks.md."""
