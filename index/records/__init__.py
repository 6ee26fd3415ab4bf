"""What the index keeps of a passage and gives back: public records, their fields, filters."""
