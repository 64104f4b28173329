"""What a channel hands over to the fund: frozen, and checked when it is made."""
