"""Public records of passages, their fields, and filters on them."""
