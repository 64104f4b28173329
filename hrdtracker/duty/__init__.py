"""Who is on duty in an office on a day: set by its director, handed over by themselves."""
