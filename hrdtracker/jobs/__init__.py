"""The worker: it does what acts have written down for later."""
