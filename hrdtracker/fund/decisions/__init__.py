"""What is decided on a request, by whom, and in whose place."""
