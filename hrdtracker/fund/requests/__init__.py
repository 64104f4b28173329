"""A request for support: written, sent, changed, taken back."""
