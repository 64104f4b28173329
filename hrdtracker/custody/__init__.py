"""Where somebody is held, since when, and how it ended: said once, whoever asks."""
