"""What happened to many people of a case at once, in custody or before the courts, as one act."""
