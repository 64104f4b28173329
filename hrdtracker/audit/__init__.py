"""The trail: what was done, by whom, to what, chained so that no entry can be altered unnoticed."""
