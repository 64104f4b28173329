"""Who is on duty, and the sheet of the day."""
