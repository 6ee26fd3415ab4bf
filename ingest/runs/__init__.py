"""What runs did, and how a data directory stands."""
