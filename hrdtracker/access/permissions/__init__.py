"""Who may do what: a table for each feature, and all of them as one."""
