"""The file on one or more defenders: its areas, owner, members, tasks and follow-ups."""
