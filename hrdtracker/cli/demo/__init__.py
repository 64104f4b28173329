"""The demonstration: an invented organisation and its past, on this machine only."""
