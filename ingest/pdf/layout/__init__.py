"""From glyphs to lines, paragraphs, columns, figures and furniture."""
