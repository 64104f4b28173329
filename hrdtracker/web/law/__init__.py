"""Pages of the rules of law: what counts, who reviewed it, and changing it by two."""
