"""The pages of the protection fund."""
