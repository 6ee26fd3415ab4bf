"""Data of others, each with its licence, source and hashes."""
