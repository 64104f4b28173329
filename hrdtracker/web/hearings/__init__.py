"""Pages of hearings: the agenda, each day in court, and who goes there."""
