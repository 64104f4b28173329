"""Work for later: written down in the act that asks for it, done by a worker."""
