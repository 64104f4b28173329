"""The pages of the fund’s money."""
