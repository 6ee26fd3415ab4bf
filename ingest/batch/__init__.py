"""Files under raw/ → documents under parsed/: discovery, worker processes, the batch."""
