"""Pages of the limits that the law sets."""
