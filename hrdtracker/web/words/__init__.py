"""What records are called on any page, in the reader’s words."""
