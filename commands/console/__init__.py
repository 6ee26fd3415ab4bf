"""The terminal: options that commands share, tables, colours, messages, the frame around a run."""
