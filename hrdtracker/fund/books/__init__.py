"""The books: double entry that only grows."""
