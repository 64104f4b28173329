"""What a channel hands over about a case before the courts."""
