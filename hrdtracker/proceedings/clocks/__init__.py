"""Which limits run for whom in each case: counted in the act that changes a fact, and kept."""
