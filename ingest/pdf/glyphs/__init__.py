"""From strips of characters as painted to glyphs as seen."""
