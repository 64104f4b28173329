"""Money that leaves, and what accounts for it."""
