"""What reaches the outside: each is asked for by a port, and by nothing that a user typed."""
