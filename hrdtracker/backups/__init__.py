"""Backups: copies that are checked, sealed for those who hold a key elsewhere, and rehearsed."""
