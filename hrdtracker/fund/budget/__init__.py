"""What donors gave, by grant and line, and what is promised of it."""
