"""The forms of incidents and their review."""
