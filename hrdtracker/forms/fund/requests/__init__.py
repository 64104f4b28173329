"""The forms of a request for support."""
