"""Time limits of a country's law as data: read from files, checked whole, chosen by date."""
