"""Dates as people know them: exact, about, or only in words."""
