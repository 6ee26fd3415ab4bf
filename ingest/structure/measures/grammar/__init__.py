"""What the lines of a plan are: by their shape, and by what returns in the document."""
