"""What people are told of: it stands on their first page until they have understood it."""
