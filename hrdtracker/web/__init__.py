"""The pages: where the features meet, for people with a browser."""
