"""Pages about cases before the courts."""
