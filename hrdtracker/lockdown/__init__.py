"""Locking everything now, and who can open it again."""
