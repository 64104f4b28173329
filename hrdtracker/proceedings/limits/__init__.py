"""Which time limits run for one person, until when, how sure that is, and what is not known."""
