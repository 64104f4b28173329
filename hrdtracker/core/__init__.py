"""What every part stands on; it knows nothing of human rights."""
