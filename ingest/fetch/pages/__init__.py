"""What a page is, where it leads, and which addresses are one document."""
