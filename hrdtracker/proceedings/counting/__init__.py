"""How a period of a law is counted from the moment something happened to the moment it ends."""
