"""The rules of law as this organisation holds them: loaded from files, changed by two people."""
