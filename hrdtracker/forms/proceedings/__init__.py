"""What is typed about a case before the courts."""
