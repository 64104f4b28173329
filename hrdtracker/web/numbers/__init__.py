"""Pages of figures, for directors: each number a sentence, and the way to whom it counts."""
