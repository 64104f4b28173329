"""The forms of the fund’s money."""
