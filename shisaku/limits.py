"""What a run may take unless the caller says otherwise, and how it ends; loads no library."""

TIMEOUT = 120.0
"""Seconds that reading or indexing one file may take."""
MEMORY_MB = 1024
"""MB of memory that reading or indexing one file may take."""
FAILED_DOCUMENTS = 3
"""Exit code of a run that came to its end though some documents failed."""
