"""Tables: ruled grids, tables told by alignment, their cells."""
