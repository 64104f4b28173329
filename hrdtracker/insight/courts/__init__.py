"""Figures of courts and custody: who is held, charged, detained before trial, of what one reads."""
