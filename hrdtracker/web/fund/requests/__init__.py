"""The pages of a request for support."""
