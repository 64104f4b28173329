"""The pages of incidents and their review."""
