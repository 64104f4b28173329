"""What outsiders are told of the fund: prepared by one, released by a second, kept for ever."""
