"""What happened: incidents, violations, who did it, how we know, and the review of all that."""
