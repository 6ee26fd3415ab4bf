"""Files under raw/ → documents under parsed/: discovery, planning, worker processes, writing."""
