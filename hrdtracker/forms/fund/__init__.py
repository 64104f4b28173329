"""The forms of the protection fund."""
