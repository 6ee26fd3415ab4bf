"""What every writer of the data directory needs: one at a time, files whole, stats remembered."""
